#include "process.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace coderm {

Process::Process(pid_t pid, pid_t) : pidfd_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))) {}

bool Process::valid() const { return pidfd_.valid(); }

bool Process::IsThere() const { return syscall(SYS_pidfd_send_signal, pidfd_.get(), 0, nullptr, 0) == 0; }

void Process::Signal(int number) const { syscall(SYS_pidfd_send_signal, pidfd_.get(), number, nullptr, 0); }

void LimitCpu(pid_t pid, uint64_t seconds) {
  rlimit limit = {seconds, seconds};
  prlimit(pid, RLIMIT_CPU, &limit, nullptr);
}

}  // namespace coderm
