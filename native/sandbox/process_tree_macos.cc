// In a Seatbelt jail only the interpreter may start processes: its descendants are its children.

#include <fcntl.h>
#include <libproc.h>
#include <sys/sysctl.h>

#include <set>
#include <vector>

#include "process_tree.h"

namespace coderm {
namespace {

constexpr int kMostFiles = 256;  // more than the limit of open files in a jail

std::vector<pid_t> Children(pid_t root) {
  std::vector<pid_t> pids(64);
  int bytes = proc_listpids(PROC_PPID_ONLY, static_cast<uint32_t>(root), pids.data(),
                            static_cast<int>(pids.size() * sizeof pids[0]));
  pids.resize(bytes > 0 ? static_cast<size_t>(bytes) / sizeof pids[0] : 0);
  return pids;
}

// The kernel counts in ticks of a timer: 1 ns on Intel, 125/3 ns on Apple's own. (mach_timebase_info says 1 ns to a
// translated process, which this one could be.)
uint64_t TicksToUs(uint64_t ticks) {
  static const uint64_t per_second = [] {
    uint64_t frequency = 0;
    size_t size = sizeof frequency;
    bool told = sysctlbyname("hw.tbfrequency", &frequency, &size, nullptr, 0) == 0 && frequency > 0;
    return told ? frequency : 1000000000ull;
  }();
  return static_cast<uint64_t>(static_cast<double>(ticks) * 1e6 / static_cast<double>(per_second));
}

bool Usage(pid_t pid, rusage_info_v2* usage) {
  return proc_pid_rusage(pid, RUSAGE_INFO_V2, reinterpret_cast<rusage_info_t*>(usage)) == 0;
}

}  // namespace

TreeUsage TreeMeter::Measure() {
  TreeUsage usage;
  for (pid_t pid : Children(root_)) {
    rusage_info_v2 its = {};
    if (!Usage(pid, &its)) continue;
    uint64_t own_us = TicksToUs(its.ri_user_time + its.ri_system_time);
    uint64_t& last_us = own_us_[pid];
    if (own_us < last_us) gone_us_ += last_us;
    last_us = own_us;
    usage.memory_bytes += its.ri_phys_footprint;
  }
  usage.cpu_us = gone_us_;
  for (const auto& [pid, own_us] : own_us_) usage.cpu_us += own_us;
  return usage;
}

DataMeter::DataMeter(pid_t) {}

uint64_t DataMeter::Bytes() const { return 0; }

// The footprint counts what a process has made its own, so nothing is counted twice.
uint64_t ProportionalMemoryBytes(pid_t root) {
  uint64_t bytes = 0;
  for (pid_t pid : Children(root)) {
    rusage_info_v2 its = {};
    if (Usage(pid, &its)) bytes += its.ri_phys_footprint;
  }
  return bytes;
}

// A jail may write in its folder only: what is open for writing and has no name was there.
uint64_t DeletedBytes(pid_t root, const std::string&) {
  uint64_t bytes = 0;
  std::set<uint64_t> counted;
  for (pid_t pid : Children(root)) {
    std::vector<proc_fdinfo> files(kMostFiles);
    int size = proc_pidinfo(pid, PROC_PIDLISTFDS, 0, files.data(), static_cast<int>(files.size() * sizeof files[0]));
    for (int i = 0; i < size / static_cast<int>(sizeof files[0]); ++i) {
      if (files[i].proc_fdtype != PROX_FDTYPE_VNODE) continue;
      vnode_fdinfo file = {};
      if (proc_pidfdinfo(pid, files[i].proc_fd, PROC_PIDFDVNODEINFO, &file, sizeof file) != sizeof file) continue;
      const vinfo_stat& status = file.pvi.vi_stat;
      if ((file.pfi.fi_openflags & FWRITE) == 0 || status.vst_nlink != 0) continue;
      if (counted.insert(status.vst_ino).second) bytes += static_cast<uint64_t>(status.vst_blocks) * 512;
    }
  }
  return bytes;
}

}  // namespace coderm
