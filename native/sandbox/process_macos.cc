// macOS has no handle of a process. Its id and the microsecond in which it started are as good, but for the moment
// between the look and the signal: ids go up one by one to 99,999 before one comes again.

#include <libproc.h>
#include <signal.h>

#include "process.h"

namespace coderm {
namespace {

// False for a process that is gone, or that only waits to be collected.
bool Look(pid_t pid, pid_t* parent, uint64_t* started_us) {
  proc_bsdinfo info = {};
  if (pid <= 1 || proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &info, sizeof info) != sizeof info) return false;
  *parent = static_cast<pid_t>(info.pbi_ppid);
  *started_us = info.pbi_start_tvsec * 1000000 + info.pbi_start_tvusec;
  return true;
}

}  // namespace

Process::Process(pid_t pid, pid_t parent) {
  pid_t its_parent;
  uint64_t started_us;
  if (!Look(pid, &its_parent, &started_us) || its_parent != parent) return;
  pid_ = pid;
  started_us_ = started_us;
}

bool Process::valid() const { return pid_ > 1; }

bool Process::IsThere() const {
  pid_t parent;
  uint64_t started_us;
  return valid() && Look(pid_, &parent, &started_us) && started_us == started_us_;
}

void Process::Signal(int number) const {
  if (IsThere()) kill(pid_, number);
}

void LimitCpu(pid_t, uint64_t) {}

}  // namespace coderm
