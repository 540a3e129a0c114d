#include "process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>


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

// False for a process that is gone.
bool ReadResident(const std::string& process, uint64_t* bytes) {
  static const uint64_t page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  unsigned long long pages = 0;
  if (sscanf(ReadProc(process + "/statm").c_str(), "%*u %llu", &pages) != 1) return false;
  *bytes = pages * page;
  return true;
}

// A process and its descendants, as far as they can be seen to live.
std::vector<pid_t> Tree(pid_t root) {
  std::vector<pid_t> tree = {root};
  for (size_t i = 0; i < tree.size() && i < 4096; ++i) AddChildren("/proc/" + std::to_string(tree[i]), &tree);
  return tree;
}

}  // namespace

TreeUsage TreeMeter::Measure() {
  TreeUsage usage;
  uint64_t living_us = 0, waited_us = 0;
  for (pid_t pid : Tree(root_)) {
    if (pid == root_) continue;
    std::string process = "/proc/" + std::to_string(pid);
    uint64_t resident = 0;
    if (!ReadResident(process, &resident)) continue;
    uint64_t own_us = OwnCpuUs(pid);
    uint64_t& last_us = own_us_[pid];
    if (own_us < last_us) gone_us_ += last_us;
    last_us = own_us;
    living_us += own_us;
    waited_us += WaitedCpuUs(process);
    usage.memory_bytes += resident;
  }
  uint64_t seen_us = gone_us_;
  for (const auto& [pid, own_us] : own_us_) seen_us += own_us;
  // A child that was waited for is in both: the larger of the two counts.
  usage.cpu_us = seen_us > living_us + waited_us ? seen_us : living_us + waited_us;
  return usage;
}

DataMeter::DataMeter(pid_t pid)
    : file_(open(("/proc/" + std::to_string(pid) + "/statm").c_str(), O_RDONLY | O_CLOEXEC)) {}

uint64_t DataMeter::Bytes() const {
  char text[128];
  ssize_t count = file_.valid() ? pread(file_.get(), text, sizeof text - 1, 0) : 0;
  text[count > 0 ? count : 0] = '\0';
  unsigned long long pages = 0;
  // size, resident, shared, text, lib, data.
  if (sscanf(text, "%*u %*u %*u %*u %*u %llu", &pages) != 1) return 0;
  return pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

uint64_t ProportionalMemoryBytes(pid_t root) {
  uint64_t bytes = 0;
  for (pid_t pid : Tree(root)) {
    if (pid == root) continue;
    std::string process = "/proc/" + std::to_string(pid);
    std::string rollup = ReadProc(process + "/smaps_rollup");
    size_t at = rollup.find("\nPss:");
    uint64_t share = 0;
    if (at != std::string::npos) share = strtoull(rollup.c_str() + at + 5, nullptr, 10) * 1024;
    else ReadResident(process, &share);  // one that does not let us look counts in full
    bytes += share;
  }
  return bytes;
}

uint64_t DeletedBytes(pid_t root, const std::string& folder) {
  uint64_t bytes = 0;
  std::unordered_set<ino_t> counted;
  for (pid_t pid : Tree(root)) {
    DIR* files = pid == root ? nullptr : opendir(("/proc/" + std::to_string(pid) + "/fd").c_str());
    if (files == nullptr) continue;
    while (dirent* entry = readdir(files)) {
      char target[64];
      ssize_t length = readlinkat(dirfd(files), entry->d_name, target, sizeof target);
      if (length < 0 || folder.compare(0, folder.size(), target, std::min<size_t>(length, folder.size())) != 0) continue;
      struct stat status;
      if (fstatat(dirfd(files), entry->d_name, &status, 0) != 0 || status.st_nlink != 0) continue;
      if (counted.insert(status.st_ino).second) bytes += static_cast<uint64_t>(status.st_blocks) * 512;
    }
    closedir(files);
  }
  return bytes;
}

}  // namespace coderm
