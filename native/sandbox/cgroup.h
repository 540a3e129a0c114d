// Limits of a whole cell by the kernel's own accounting, where this user may make cgroups.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "descriptor.h"
#include "frames.h"

namespace coderm {

// One cgroup per launcher, reused between jails, removed at the end. Covers what rlimits cannot:
// all processes together, shared and temporary-file memory, and the CPU time of processes that nobody waited for.
class Cgroup {
 public:
  // Null where no writable cgroup with a memory and a pids controller is found (version 2 first, then 1).
  static std::unique_ptr<Cgroup> Open();
  ~Cgroup();

  const char* version() const { return v2_ ? "cgroup v2" : "cgroup v1"; }
  // Sets the limits of a new jail. False: this cgroup is no longer usable.
  bool SetLimits(const CellLimits& limits);
  // The limit of memory alone.
  bool SetMemory(const CellLimits& limits);
  bool Add(pid_t pid);
  // Forgets what earlier runs used.
  void BeginRun();
  bool CountsCpu() const { return cpu_file_.valid(); }
  // CPU time since BeginRun, of all processes that were ever in it; 0 where it is not counted.
  uint64_t CpuUs() const;
  // True when the kernel killed a process for memory since BeginRun.
  bool OutOfMemory() const;

 private:
  Cgroup(bool v2, std::string memory, std::string pids, std::string cpu);
  bool v2_;
  std::string memory_, pids_, cpu_;  // folders; with version 2 all the same, cpu_ empty where not counted
  Descriptor cpu_file_, kills_file_;  // kept open: they are read for every cell
  uint64_t cpu_start_us_ = 0, kills_start_ = 0;
};

}  // namespace coderm
