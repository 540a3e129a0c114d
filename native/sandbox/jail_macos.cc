// Theory of operation. The launcher forks; the child works through the checklist: limits, then Seatbelt, then it tries
// the walls and becomes the interpreter. There is no pid namespace and no signal at a parent's death. What stands in:
//   only the interpreter can start processes (warm.py), so all of a jail is the interpreter and its children;
//   ending a jail first stops the interpreter, so that it can neither fork nor collect a child, whose id would be free;
//   a keeper, outside of the walls, does that when the launcher is gone, and nothing in the jail may signal it.

#include <errno.h>
#include <fcntl.h>
#include <libproc.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "first_process.h"
#include "jail.h"
#include "private_folder.h"
#include "process.h"
#include "seatbelt.h"

namespace coderm {
namespace {

constexpr uint32_t kStopped = 4;  // SSTOP of sys/proc.h, which shows it to the kernel only

void Nap() {
  timespec moment = {0, 1000000};
  nanosleep(&moment, nullptr);
}

bool IsStopped(pid_t pid) {
  proc_bsdinfo info = {};
  bool there = proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &info, sizeof info) == sizeof info;
  return !there || info.pbi_status == kStopped;
}

// The interpreter and its children, or nobody: where its id is another's by now, so are the children.
void EndTree(pid_t pid, const Process& interpreter) {
  interpreter.Signal(SIGSTOP);
  for (int tries = 0; tries < 1000 && !IsStopped(pid); ++tries) Nap();
  pid_t children[64] = {};
  proc_listpids(PROC_PPID_ONLY, static_cast<uint32_t>(pid), children, sizeof children);
  if (!interpreter.IsThere()) return;
  for (pid_t child : children) Process(child, pid).Signal(SIGKILL);
  interpreter.Signal(SIGKILL);
}

bool RemoveFiles(const std::string& tmp) {
  unlink(OutsideOf(tmp).c_str());
  return RemoveFolder(tmp);
}

[[noreturn]] void Keep(pid_t pid, const Process& interpreter, int life, const std::string& tmp) {
  // Nothing of the launcher's stays open here, or others would wait for its end in vain.
  if (chdir("/") != 0 || dup2(life, 0) != 0) _exit(125);
  CloseFrom(1);
  char byte;
  ssize_t count;
  do count = read(0, &byte, 1);
  while (count < 0 && errno == EINTR);
  if (count != 0) _exit(0);  // the launcher ends the jail itself
  EndTree(pid, interpreter);
  // Who is killed may still be at the end of a system call that makes a file.
  for (int tries = 0; tries < 1000 && !RemoveFiles(tmp); ++tries) Nap();
  _exit(0);
}

void SetLimit(int resource, uint64_t value, const char* name, const Checklist& list) {
  rlimit current;
  list.Step(getrlimit(resource, &current) == 0, "read a limit", name);
  rlim_t wanted = std::min<rlim_t>(value, current.rlim_max);
  rlimit limit = {wanted, wanted};
  list.Step(setrlimit(resource, &limit) == 0, "set a limit", name);
}

struct ChildEnds {
  int control, output, report;
};

[[noreturn]] void RunChild(const ConfigFrame& config, const CellLimits& limits, const std::string& tmp,
                           const ChildEnds& ends) {
  Checklist early(ends.report);
  setsid();
  early.Step(chdir(tmp.c_str()) == 0, "stand in the jail's folder", tmp);
  int report = ends.report;
  ArrangeDescriptors(ends.control, ends.output, &report, early);
  Checklist list(report);
  ResetSignals();
  umask(022);
  SetLimit(RLIMIT_CORE, 0, "core", list);
  SetLimit(RLIMIT_NOFILE, 128, "nofile", list);
  SetLimit(RLIMIT_MEMLOCK, 0, "memlock", list);
  SetLimit(RLIMIT_STACK, 8u << 20, "stack", list);
  SetLimit(RLIMIT_FSIZE, limits.tmp_bytes, "fsize", list);
  EnterSeatbelt(config, tmp, list);
  if (ends.control < 0) _exit(0);

  std::vector<std::string> environment = config.environment;
  for (const char* name : {"HOME=", "TMPDIR="}) environment.push_back(name + tmp);
  environment.push_back("CODERM_JAIL=seatbelt");
  BecomeInterpreter(config, environment, list);
}

}  // namespace

void RequireJail(JailKind kind) {
  if (kind != JailKind::kSeatbelt) throw JailFault{"macOS has the Seatbelt jail only", 0};
  // The kernel lets root start processes over any limit.
  if (getuid() == 0 || geteuid() == 0) throw JailFault{"a Seatbelt jail is not for root", EPERM};
}

Jail StartJail(const ConfigFrame& config, const CellLimits& limits, const Guards&, Cgroup*, int control) {
  RequireJail(config.jail);
  Ends output = MakePipe(), report = MakePipe(), life = MakePipe();
  Jail jail;
  std::string tmp = NewFolderPath();
  if (mkdir(tmp.c_str(), 0700) != 0) throw JailFault{"make the jail's folder", errno};
  jail.tmp = tmp;
  jail.pid = fork();
  if (jail.pid == 0) RunChild(config, limits, tmp, {control, output.write.get(), report.write.get()});
  int error = errno;
  if (jail.pid < 0) {
    RemoveFiles(tmp);
    throw JailFault{"start the jail's first process", error};
  }
  Process interpreter(jail.pid, getpid());
  pid_t keeper = fork();
  if (keeper == 0) Keep(jail.pid, interpreter, life.read.get(), tmp);
  error = errno;
  jail.life = std::move(life.write);
  jail.output = std::move(output.read);
  jail.report = std::move(report.read);
  for (const Descriptor* fd : {&jail.output, &jail.report}) fcntl(fd->get(), F_SETFL, O_NONBLOCK);
  if (keeper < 0) {
    EndJail(&jail);
    throw JailFault{"start the keeper", error};
  }
  return jail;
}

bool AwaitEnd(const Jail& jail, int most_ms) {
  for (int waited_ms = 0; waited_ms < most_ms; ++waited_ms) {
    siginfo_t ended = {};
    // It stays to be waited for, so that its id stays its own.
    if (waitid(P_PID, static_cast<id_t>(jail.pid), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid != 0)
      return true;
    Nap();
  }
  return false;
}

int EndJail(Jail* jail) {
  EndTree(jail->pid, Process(jail->pid, getpid()));
  int status = 0;
  waitpid(jail->pid, &status, 0);
  // Before its end closes: from here on the interpreter's id may be somebody else's.
  char byte = 1;
  ssize_t written = write(jail->life.get(), &byte, 1);
  (void)written;  // the keeper is gone already
  jail->life.Close();
  // There is at most one jail at a time, so nobody but its keeper is waited for.
  while (waitpid(-1, nullptr, 0) > 0) continue;
  RemoveFiles(jail->tmp);
  return status;
}

}  // namespace coderm
