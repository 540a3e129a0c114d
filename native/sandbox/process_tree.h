// What a process and all its descendants use, read from /proc.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace coderm {

struct TreeUsage {
  uint64_t cpu_us = 0;        // living processes, and those that they have waited for
  uint64_t memory_bytes = 0;  // resident; a page that two processes share counts twice
  uint64_t processes = 0;
};

// Zeros for a process that has ended.
TreeUsage MeasureTree(pid_t root);

// Memory of the same processes with every shared page counted once in all: exact, and dear to ask for.
uint64_t ProportionalMemoryBytes(pid_t root);

}  // namespace coderm
