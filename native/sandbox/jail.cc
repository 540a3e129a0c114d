// Theory of operation. The launcher, small and single-threaded, clones itself, straight into new namespaces where the
// jail is made of them. The child waits for one byte, sent when its cgroup holds it, and then works through the
// checklist: first the way into its kind of jail (namespaces.cc, landlock_jail.cc), then what both have in common.

#include "jail.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "landlock_jail.h"
#include "namespaces.h"
#include "private_folder.h"
#include "syscall_filter.h"
#include "unprivileged.h"

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif

namespace coderm {
namespace {

constexpr uid_t kOutsideUserBase = 0x7ffd0000;  // who a jailed process is, one per launcher, when the launcher is root

// Puts the interpreter's descriptors at 0 to 3 and closes all others but the report.
void ArrangeDescriptors(int control, int output, int* report, const Checklist& list) {
  // First out of the way of the low numbers, so that no move overwrites one that is still to come.
  int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  list.Step(null >= 0, "open /dev/null");
  if (control < 0) control = null;
  int high_control = fcntl(control, F_DUPFD_CLOEXEC, 16), high_output = fcntl(output, F_DUPFD_CLOEXEC, 16);
  int high_null = fcntl(null, F_DUPFD_CLOEXEC, 16), high_report = fcntl(*report, F_DUPFD_CLOEXEC, 16);
  list.Step(high_control >= 0 && high_output >= 0 && high_null >= 0 && high_report >= 0, "move descriptors");
  list.Step(dup2(high_null, 0) == 0 && dup2(high_output, 1) == 1 && dup2(high_output, 2) == 2 &&
                dup2(high_control, 3) == 3,
            "place descriptors");
  list.Step(dup3(high_report, 5, O_CLOEXEC) == 5, "keep the report");
  *report = 5;
  close(4);
  if (syscall(SYS_close_range, 6u, ~0u, 0u) != 0) {
    for (int fd = 6; fd < 4096; ++fd) close(fd);
  }
}

void ResetSignals() {
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

std::vector<char*> Pointers(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (const std::string& text : strings) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

struct ChildEnds {
  int go, control, output, report;
};

[[noreturn]] void RunChild(const JailPlan& plan, const ChildEnds& ends) {
  const ConfigFrame& config = plan.config;
  Checklist early(ends.report);
  early.Step(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "end with the launcher");
  char go = 0;
  if (read(ends.go, &go, 1) != 1) _exit(125);  // the launcher is gone
  setsid();
  if (config.jail == JailKind::kLandlock) EnterLandlock(plan, early);
  else EnterNamespaces(plan, early);
  int report = ends.report;
  ArrangeDescriptors(ends.control, ends.output, &report, early);
  Checklist list(report);
  ResetSignals();
  umask(022);
  DropCapabilities(list);
  list.Step(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "give up new privileges");
  // A change of user clears this, so it is said again.
  list.Step(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "end with the launcher");
  list.Step(InstallSyscallFilter(config.jail, plan.guards), "install the system call filter");
  if (ends.control < 0) _exit(0);

  std::vector<std::string> arguments = {config.interpreter}, environment = config.environment;
  for (const std::string& argument : config.arguments) arguments.push_back(argument);
  arguments.push_back(config.script);
  if (config.jail == JailKind::kLandlock) AddLandlockEnvironment(plan, &environment);
  std::vector<char*> argv = Pointers(arguments), envp = Pointers(environment);
  execve(config.interpreter.c_str(), argv.data(), envp.data());
  list.Fail(errno, "start the interpreter", config.interpreter);
}

}  // namespace

Jail StartJail(const ConfigFrame& config, const CellLimits& limits, const Guards& guards, Cgroup* cgroup, int control) {
  Ends output = MakePipe(), report = MakePipe(), go = MakePipe(), life = MakePipe();
  bool as_root = geteuid() == 0;
  uid_t outside = kOutsideUserBase + static_cast<uid_t>(getpid() % 0x8000);
  bool landlock = config.jail == JailKind::kLandlock;

  unsigned long flags = CLONE_PIDFD | SIGCHLD;
  if (!landlock) flags |= NamespaceFlags(guards, as_root);
  std::string tmp = landlock ? NewFolderPath() : "";
  int pidfd = -1;
  uid_t user = geteuid();
  gid_t group = getegid();
  pid_t pid = static_cast<pid_t>(syscall(SYS_clone, flags, nullptr, &pidfd, nullptr, nullptr));
  if (pid < 0) throw JailFault{landlock ? "start the jail's first process" : "create namespaces", errno};
  if (pid == 0) {
    go.write.Close();  // or the child would never see the launcher end
    life.write.Close();
    RunChild({config, limits, guards, as_root, user, group, outside, tmp, life.read.get()},
             {go.read.get(), control, output.write.get(), report.write.get()});
  }
  Jail jail;
  jail.pid = pid;
  jail.tmp = tmp;
  jail.life = std::move(life.write);
  jail.pidfd = Descriptor(pidfd);
  jail.output = std::move(output.read);
  jail.report = std::move(report.read);
  for (const Descriptor* fd : {&jail.output, &jail.report}) fcntl(fd->get(), F_SETFL, O_NONBLOCK);
  if (cgroup != nullptr && !cgroup->Add(pid)) {
    // Without its limits it does not start.
    int error = errno;
    EndJail(&jail);
    throw JailFault{"put the cell into its cgroup", error};
  }
  char byte = 1;
  if (write(go.write.get(), &byte, 1) != 1) throw JailFault{"start the set-up", errno};
  return jail;
}

int EndJail(Jail* jail) {
  // Process 1 of its pid namespace: everything in the jail ends with it.
  syscall(SYS_pidfd_send_signal, jail->pidfd.get(), SIGKILL, nullptr, 0);
  int status = 0;
  waitpid(jail->pid, &status, 0);
  jail->life.Close();
  // In a Landlock jail its keeper does that. There is at most one jail at a time, so nobody else is waited for.
  while (waitpid(-1, nullptr, 0) > 0) continue;
  if (!jail->tmp.empty()) RemoveFolder(jail->tmp);  // should the keeper have been killed
  return status;
}

}  // namespace coderm
