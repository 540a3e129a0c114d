#include "process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "descriptor.h"

namespace coderm {
namespace {

// At most 4 KiB of a file of /proc; enough for every one read here.
std::string ReadProc(const std::string& path) {
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char bytes[4096];
  ssize_t count = file.valid() ? read(file.get(), bytes, sizeof bytes) : 0;
  return std::string(bytes, count > 0 ? static_cast<size_t>(count) : 0);
}

void AddChildren(const std::string& process, std::vector<pid_t>* queue) {
  std::string tasks = process + "/task";
  DIR* folder = opendir(tasks.c_str());
  if (folder == nullptr) return;
  while (dirent* entry = readdir(folder)) {
    if (entry->d_name[0] == '.') continue;
    std::string children = ReadProc(tasks + "/" + entry->d_name + "/children");
    for (char* at = children.data(); *at != '\0';) {
      char* end;
      long pid = strtol(at, &end, 10);
      if (end == at) break;
      queue->push_back(static_cast<pid_t>(pid));
      at = end;
    }
  }
  closedir(folder);
}

// The process's own clock: exact, and without what it has waited for.
uint64_t OwnCpuUs(pid_t pid) {
  clockid_t clock;
  timespec time;
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return static_cast<uint64_t>(time.tv_sec) * 1000000 + static_cast<uint64_t>(time.tv_nsec) / 1000;
}

// What a process has waited for, in clock ticks and so coarse.
uint64_t WaitedCpuUs(const std::string& process) {
  std::string stat = ReadProc(process + "/stat");
  size_t name_end = stat.rfind(')');  // the name may hold anything, spaces and brackets included
  if (name_end == std::string::npos) return 0;
  unsigned long long user = 0, system = 0;
  // After the name: state(3) ... utime(14) stime(15) cutime(16) cstime(17).
  sscanf(stat.c_str() + name_end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %llu %llu", &user,
         &system);
  return (user + system) * (1000000 / static_cast<uint64_t>(sysconf(_SC_CLK_TCK)));
}

// A process and its descendants, as far as they can be seen to live.
std::vector<pid_t> Tree(pid_t root) {
  std::vector<pid_t> tree = {root};
  for (size_t i = 0; i < tree.size() && i < 4096; ++i) AddChildren("/proc/" + std::to_string(tree[i]), &tree);
  return tree;
}

}  // namespace

TreeUsage TreeMeter::Measure() {
  static const uint64_t page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  TreeUsage usage;
  uint64_t living_us = 0, waited_us = 0;
  for (pid_t pid : Tree(root_)) {
    if (pid == root_) continue;
    std::string process = "/proc/" + std::to_string(pid);
    unsigned long long resident = 0;
    if (sscanf(ReadProc(process + "/statm").c_str(), "%*u %llu", &resident) != 1) continue;
    uint64_t own_us = OwnCpuUs(pid);
    uint64_t& last_us = own_us_[pid];
    if (own_us < last_us) gone_us_ += last_us;
    last_us = own_us;
    living_us += own_us;
    waited_us += WaitedCpuUs(process);
    usage.memory_bytes += resident * page;
  }
  uint64_t seen_us = gone_us_;
  for (const auto& [pid, own_us] : own_us_) seen_us += own_us;
  // A child that was waited for is in both: the larger of the two counts.
  usage.cpu_us = seen_us > living_us + waited_us ? seen_us : living_us + waited_us;
  return usage;
}

uint64_t ProportionalMemoryBytes(pid_t root) {
  uint64_t bytes = 0;
  for (pid_t pid : Tree(root)) {
    if (pid == root) continue;
    std::string rollup = ReadProc("/proc/" + std::to_string(pid) + "/smaps_rollup");
    size_t at = rollup.find("\nPss:");
    if (at != std::string::npos) bytes += strtoull(rollup.c_str() + at + 5, nullptr, 10) * 1024;
  }
  return bytes;
}

}  // namespace coderm
