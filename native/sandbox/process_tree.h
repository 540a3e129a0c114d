// What a process and all its descendants use, read from /proc.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace coderm {

struct TreeUsage {
  uint64_t cpu_us = 0;        // living processes, and those that they have waited for
  uint64_t memory_bytes = 0;  // resident, shared pages counted once per process
  uint64_t processes = 0;
};

// Zeros for a process that has ended.
TreeUsage MeasureTree(pid_t root);

}  // namespace coderm
