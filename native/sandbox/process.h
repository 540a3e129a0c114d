// One process, told apart from any other that gets its id later.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "descriptor.h"

namespace coderm {

class Process {
 public:
  Process() = default;
  // Not valid where it is gone, or (on macOS, where it says its id itself) where it is not a child of `parent`.
  Process(pid_t pid, pid_t parent);
  bool valid() const;
  bool IsThere() const;
  // Does nothing once the process has ended.
  void Signal(int number) const;

 private:
#ifdef __linux__
  Descriptor pidfd_;
#else
  pid_t pid_ = -1;
  uint64_t started_us_ = 0;  // since 1970: what a later process with the same id does not share
#endif
};

// Lets the kernel end a process that has used so many seconds of CPU time, should this one be stopped itself. Does what
// it can: on macOS the child sets the limit (warm.py).
void LimitCpu(pid_t pid, uint64_t seconds);

}  // namespace coderm
