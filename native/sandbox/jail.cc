// Theory of operation. The launcher, small and single-threaded, clones itself straight into new pid, mount,
// network, ipc and uts namespaces. Started as an ordinary user it adds a user namespace in the same call, which
// gives it the right to mount there. Started as root it builds the mounts as root (so that an interpreter under
// a closed home folder can be shown), then becomes an unprivileged user and enters a user namespace of its own:
// from there on both ways are the same. The child waits for one byte, sent when its cgroup holds it, and then
// works through the checklist. It is process 1 of its pid namespace: when it ends, the kernel ends the rest.

#include "jail.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "mounts.h"
#include "pipes.h"
#include "syscall_filter.h"

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif

namespace coderm {
namespace {

constexpr uid_t kInsideUser = 65534;          // who the jailed process believes it is
constexpr uid_t kOutsideUserBase = 0x7ffd0000;  // who it is, one per launcher, when the launcher is root
constexpr uint64_t kAddressSpaceSlack = 512ull << 20;  // libraries and thread stacks are mapped, not used

void WriteProc(int proc, const char* name, const std::string& text, const Checklist& list) {
  Descriptor file(openat(proc, name, O_WRONLY | O_CLOEXEC));
  list.Step(file.valid(), "open a user map", name);
  list.Step(write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()), "map the user", name);
}

void MapUser(int proc, uid_t user, gid_t group, const Checklist& list) {
  WriteProc(proc, "self/setgroups", "deny", list);
  WriteProc(proc, "self/uid_map", std::to_string(kInsideUser) + " " + std::to_string(user) + " 1", list);
  WriteProc(proc, "self/gid_map", std::to_string(kInsideUser) + " " + std::to_string(group) + " 1", list);
}

void BecomeUnprivileged(uid_t user, const Checklist& list) {
  list.Step(setgroups(0, nullptr) == 0, "drop groups");
  // In a container with few user ids the high one does not exist; nobody does.
  if (setresgid(user, user, user) != 0) user = kInsideUser;
  list.Step(setresgid(user, user, user) == 0, "change group");
  list.Step(setresuid(user, user, user) == 0, "change user");
  list.Step(prctl(PR_SET_DUMPABLE, 1) == 0, "own /proc/self again");
}

void SetLimit(int resource, uint64_t value, const char* name, const Checklist& list) {
  rlimit current;
  list.Step(getrlimit(static_cast<__rlimit_resource_t>(resource), &current) == 0, "read a limit", name);
  rlim_t wanted = std::min<rlim_t>(value, current.rlim_max);
  rlimit limit = {wanted, wanted};
  list.Step(setrlimit(static_cast<__rlimit_resource_t>(resource), &limit) == 0, "set a limit", name);
}

void SetLimits(const CellLimits& limits, const Guards& guards, const Checklist& list) {
  SetLimit(RLIMIT_CORE, 0, "core", list);
  SetLimit(RLIMIT_NOFILE, 128, "nofile", list);
  SetLimit(RLIMIT_MEMLOCK, 0, "memlock", list);
  SetLimit(RLIMIT_MSGQUEUE, 0, "msgqueue", list);
  SetLimit(RLIMIT_SIGPENDING, 256, "sigpending", list);
  SetLimit(RLIMIT_RTPRIO, 0, "rtprio", list);
  SetLimit(RLIMIT_NICE, 0, "nice", list);
  SetLimit(RLIMIT_STACK, 8u << 20, "stack", list);
  if (guards.On("processes")) SetLimit(RLIMIT_NPROC, limits.processes + 1, "nproc", list);  // and the interpreter
  if (guards.On("memory")) {
    SetLimit(RLIMIT_DATA, limits.memory_bytes, "data", list);
    SetLimit(RLIMIT_AS, limits.memory_bytes + kAddressSpaceSlack, "as", list);
  }
}

void DropCapabilities(const Checklist& list) {
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; ++capability)
    list.Step(prctl(PR_CAPBSET_DROP, capability) == 0, "drop a capability bound", std::to_string(capability));
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  list.Step(syscall(SYS_capset, &header, none) == 0, "drop capabilities");
}

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

struct ChildPlan {
  const ConfigFrame& config;
  const CellLimits& limits;
  const Guards& guards;
  bool as_root;
  uid_t user;
  gid_t group;
  uid_t outside_user;
  int go, control, output, report;
};

[[noreturn]] void RunChild(const ChildPlan& plan) {
  Checklist early(plan.report);
  early.Step(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "end with the launcher");
  char go = 0;
  if (read(plan.go, &go, 1) != 1) _exit(125);  // the launcher is gone
  setsid();
  Descriptor proc(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
  early.Step(proc.valid(), "open /proc");
  if (!plan.as_root) MapUser(proc.get(), plan.user, plan.group, early);
  EnterRoot(plan.config.binds, plan.limits.tmp_bytes, plan.guards, early);
  SetLimits(plan.limits, plan.guards, early);
  if (plan.as_root) {
    BecomeUnprivileged(plan.outside_user, early);
    uid_t user = geteuid();  // asked before: inside, before the map is written, everybody is nobody
    gid_t group = getegid();
    early.Step(unshare(CLONE_NEWUSER) == 0, "enter a user namespace");
    MapUser(proc.get(), user, group, early);
  }
  proc.Close();
  int report = plan.report;
  ArrangeDescriptors(plan.control, plan.output, &report, early);
  Checklist list(report);
  ResetSignals();
  umask(022);
  DropCapabilities(list);
  list.Step(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "give up new privileges");
  // A change of user clears this, so it is said again.
  list.Step(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "end with the launcher");
  list.Step(InstallSyscallFilter(plan.guards), "install the system call filter");
  if (plan.control < 0) _exit(0);

  std::vector<std::string> arguments = {plan.config.interpreter};
  for (const std::string& argument : plan.config.arguments) arguments.push_back(argument);
  arguments.push_back(plan.config.script);
  std::vector<char*> argv = Pointers(arguments), envp = Pointers(plan.config.environment);
  execve(plan.config.interpreter.c_str(), argv.data(), envp.data());
  list.Fail(errno, "start the interpreter", plan.config.interpreter);
}

}  // namespace

Jail StartJail(const ConfigFrame& config, const CellLimits& limits, const Guards& guards, Cgroup* cgroup, int control) {
  Ends output = MakePipe(), report = MakePipe(), go = MakePipe();
  bool as_root = geteuid() == 0;
  uid_t outside = kOutsideUserBase + static_cast<uid_t>(getpid() % 0x8000);

  unsigned long flags = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_PIDFD | SIGCHLD;
  if (guards.On("pid-namespace")) flags |= CLONE_NEWPID;
  if (guards.On("network")) flags |= CLONE_NEWNET;
  if (!as_root) flags |= CLONE_NEWUSER;
  int pidfd = -1;
  uid_t user = geteuid();
  gid_t group = getegid();
  pid_t pid = static_cast<pid_t>(syscall(SYS_clone, flags, nullptr, &pidfd, nullptr, nullptr));
  if (pid < 0) throw JailFault{"create namespaces", errno};
  if (pid == 0) {
    go.write.Close();  // or the child would never see the launcher end
    RunChild({config, limits, guards, as_root, user, group, outside, go.read.get(), control, output.write.get(),
              report.write.get()});
  }
  Jail jail;
  jail.pid = pid;
  jail.pidfd = Descriptor(pidfd);
  jail.output = std::move(output.read);
  jail.report = std::move(report.read);
  for (const Descriptor* fd : {&jail.output, &jail.report}) fcntl(fd->get(), F_SETFL, O_NONBLOCK);
  if (cgroup != nullptr && !cgroup->Add(pid)) {
    // Without its limits it does not start.
    int error = errno;
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    throw JailFault{"put the cell into its cgroup", error};
  }
  char byte = 1;
  if (write(go.write.get(), &byte, 1) != 1) throw JailFault{"start the set-up", errno};
  return jail;
}

}  // namespace coderm
