#include "cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <vector>

#include "descriptor.h"

namespace coderm {
namespace {

constexpr const char* kPrefix = "coderm-";

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

bool WriteFile(const std::string& path, const std::string& text) {
  Descriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file.valid() && write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// The number behind `key` in a file of "key value" lines, or the file's only number where the key is empty.
uint64_t Field(const Descriptor& file, const char* key) {
  char text[2048];
  ssize_t count = file.valid() ? pread(file.get(), text, sizeof text - 1, 0) : 0;
  if (count <= 0) return 0;
  text[count] = '\0';
  if (*key == '\0') return strtoull(text, nullptr, 10);
  for (const char* line = text; line != nullptr; line = strchr(line, '\n')) {
    if (*line == '\n') ++line;
    size_t length = strlen(key);
    if (strncmp(line, key, length) == 0 && line[length] == ' ') return strtoull(line + length, nullptr, 10);
  }
  return 0;
}

Descriptor OpenToRead(const std::string& path) { return Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC)); }

// This process's cgroup for a version 1 controller ("memory") or for version 2 ("").
std::string OwnPath(const std::string& controller) {
  std::istringstream lines(ReadFile("/proc/self/cgroup"));
  std::string line;
  while (std::getline(lines, line)) {
    size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    std::string names = "," + line.substr(first + 1, second - first - 1) + ",";
    bool match = controller.empty() ? names == ",," : names.find("," + controller + ",") != std::string::npos;
    if (match) return line.substr(second + 1) == "/" ? "" : line.substr(second + 1);
  }
  return "";
}

// Launchers that were killed leave empty folders behind: the next one takes them away.
void RemoveLeftovers(const std::string& parent) {
  DIR* folder = opendir(parent.c_str());
  if (folder == nullptr) return;
  while (dirent* entry = readdir(folder)) {
    if (strncmp(entry->d_name, kPrefix, strlen(kPrefix)) != 0) continue;
    pid_t owner = atoi(entry->d_name + strlen(kPrefix));
    if (owner > 0 && kill(owner, 0) != 0 && errno == ESRCH) rmdir((parent + "/" + entry->d_name).c_str());
  }
  closedir(folder);
}

// A new folder for this launcher in the first parent that takes one; empty if none does.
std::string MakeFolder(const std::vector<std::string>& parents) {
  for (const std::string& parent : parents) {
    RemoveLeftovers(parent);
    std::string path = parent + "/" + kPrefix + std::to_string(getpid());
    if (mkdir(path.c_str(), 0755) == 0 || errno == EEXIST) return path;
  }
  return "";
}

std::string Parent(const std::string& path) {
  size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

}  // namespace

Cgroup::Cgroup(bool v2, std::string memory, std::string pids, std::string cpu)
    : v2_(v2), memory_(std::move(memory)), pids_(std::move(pids)), cpu_(std::move(cpu)) {
  if (!cpu_.empty()) cpu_file_ = OpenToRead(cpu_ + (v2_ ? "/cpu.stat" : "/cpuacct.usage"));
  kills_file_ = OpenToRead(memory_ + (v2_ ? "/memory.events" : "/memory.oom_control"));
}

std::unique_ptr<Cgroup> Cgroup::Open() {
  const std::string mount = "/sys/fs/cgroup";
  if (access((mount + "/cgroup.controllers").c_str(), F_OK) == 0) {
    // A cgroup that holds processes cannot lend its controllers, so the new one is a sibling of ours.
    std::string path = MakeFolder({mount + Parent(OwnPath("")), mount});
    if (path.empty()) return nullptr;
    bool usable = access((path + "/memory.max").c_str(), W_OK) == 0 && access((path + "/pids.max").c_str(), W_OK) == 0;
    if (!usable) {
      rmdir(path.c_str());
      return nullptr;
    }
    return std::unique_ptr<Cgroup>(new Cgroup(true, path, path, path));
  }
  auto make = [&](const std::string& controller) {
    std::string root = mount + "/" + controller;
    return MakeFolder({root + OwnPath(controller), root});
  };
  std::string memory = make("memory"), pids = make("pids"), cpu = make("cpuacct");
  if (memory.empty() || pids.empty()) {
    for (const std::string& path : {memory, pids, cpu}) {
      if (!path.empty()) rmdir(path.c_str());
    }
    return nullptr;
  }
  return std::unique_ptr<Cgroup>(new Cgroup(false, memory, pids, cpu));
}

Cgroup::~Cgroup() {
  for (const std::string& path : {memory_, pids_, cpu_}) {
    if (!path.empty()) rmdir(path.c_str());
  }
}

bool Cgroup::SetLimits(const CellLimits& limits) {
  std::string processes = std::to_string(limits.processes + 1);  // and the interpreter
  return WriteFile(pids_ + "/pids.max", processes) && SetMemory(limits);
}

bool Cgroup::SetMemory(const CellLimits& limits) {
  std::string memory = std::to_string(limits.memory_bytes);
  bool done;
  if (v2_) {
    done = WriteFile(memory_ + "/memory.max", memory);
    WriteFile(memory_ + "/memory.swap.max", "0");
  } else {
    // The memory limit may not exceed the one with swap, so an older, lower one is lifted first.
    WriteFile(memory_ + "/memory.memsw.limit_in_bytes", "-1");
    done = WriteFile(memory_ + "/memory.limit_in_bytes", memory);
    WriteFile(memory_ + "/memory.memsw.limit_in_bytes", memory);
  }
  return done;
}

void Cgroup::BeginRun() {
  cpu_start_us_ = 0;
  cpu_start_us_ = CpuUs();
  kills_start_ = Field(kills_file_, "oom_kill");
}

bool Cgroup::Add(pid_t pid) {
  bool done = true;
  for (const std::string& path : {memory_, pids_, cpu_}) {
    if (!path.empty()) done = WriteFile(path + "/cgroup.procs", std::to_string(pid)) && done;
    if (v2_) break;
  }
  return done;
}

uint64_t Cgroup::CpuUs() const {
  uint64_t now = v2_ ? Field(cpu_file_, "usage_usec") : Field(cpu_file_, "") / 1000;
  return now - cpu_start_us_;
}

bool Cgroup::OutOfMemory() const { return Field(kills_file_, "oom_kill") > kills_start_; }

}  // namespace coderm
