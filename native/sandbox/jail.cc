// Theory of operation. The launcher, small and single-threaded, clones itself, straight into new namespaces where the
// jail is made of them. The child waits for one byte, sent when its cgroup holds it, and then works through the
// checklist: first the way into its kind of jail (namespaces.cc, landlock_jail.cc), then what both have in common.

#include "jail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <vector>

#include "first_process.h"
#include "hand_over.h"
#include "landlock.h"
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

constexpr int kControl = 3;  // where ArrangeDescriptors puts it
constexpr const char* kOldLandlock = "Landlock is missing, switched off or older than ABI 6";
constexpr uid_t kOutsideUserBase = 0x7ffd0000;  // who a jailed process is, one per launcher, when the launcher is root

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
  Descriptor questions;
  list.Step(InstallSyscallFilter(config.jail, plan.guards, &questions), "install the system call filter");
  if (ends.control < 0) _exit(0);
  if (questions.valid())
    list.Step(HandOver(kControl, "questions", std::array<int, 1>{questions.get()}), "hand over the questions");

  std::vector<std::string> environment = config.environment;
  if (config.jail == JailKind::kLandlock) AddLandlockEnvironment(plan, &environment);
  BecomeInterpreter(config, environment, list);
}

}  // namespace

void RequireJail(JailKind kind) {
  if (kind == JailKind::kSeatbelt) throw JailFault{"Seatbelt is a wall of macOS", 0};
  if (kind == JailKind::kLandlock && LandlockAbi() < kLeastLandlockAbi) throw JailFault{kOldLandlock, 0};
}

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

bool AwaitEnd(const Jail& jail, int most_ms) {
  pollfd end = {jail.pidfd.get(), POLLIN, 0};
  return poll(&end, 1, most_ms) == 1;
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
