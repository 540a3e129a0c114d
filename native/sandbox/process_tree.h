// What a process and all its descendants use, read from /proc.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <unordered_map>

#include "descriptor.h"

namespace coderm {

struct TreeUsage {
  uint64_t cpu_us = 0;        // all processes that were ever seen, and those that living ones have waited for
  uint64_t memory_bytes = 0;  // resident; a page that two processes share counts twice
};

// Looks at the descendants of one process again and again; the process itself is not counted. A process that ended between two looks, without anybody waiting for it,
// still counts with what it had used at the last one.
class TreeMeter {
 public:
  explicit TreeMeter(pid_t root) : root_(root) {}
  TreeUsage Measure();

 private:
  pid_t root_;
  std::unordered_map<pid_t, uint64_t> own_us_;  // CPU time of each process at the last look
  uint64_t gone_us_ = 0;                        // of processes whose id was given to another one since
};

// How much memory of its own a process holds, read again and again.
class DataMeter {
 public:
  DataMeter() = default;
  explicit DataMeter(pid_t pid);
  // What its limit of data counts; 0 where nobody says (macOS, which has no such limit).
  uint64_t Bytes() const;

 private:
  Descriptor file_;
};

// Memory of the same processes with every shared page counted once in all: exact, and dear to ask for.
uint64_t ProportionalMemoryBytes(pid_t root);

// Files below `folder` that the same processes hold open and that have no name any more.
uint64_t DeletedBytes(pid_t root, const std::string& folder);

}  // namespace coderm
