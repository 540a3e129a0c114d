// Theory of operation. One poll loop watches the jail's end (a pidfd), its output, its events, a failed step of
// its set-up, and Node. Time and memory are looked at every few milliseconds. CPU and wall time count from the
// harness's first line, "ready <its CPU time so far, ns>", which it writes before it loads anything untrusted:
// starting Python is our cost, not the cell's. Ending a run is one SIGKILL to process 1 of the pid namespace,
// which takes everything in it along, whatever signals it ignores.

#include "supervisor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "jail.h"
#include "process_tree.h"

namespace coderm {
namespace {

constexpr int kSampleMs = 5;
constexpr size_t kKeptOutputBytes = 4096;
constexpr size_t kEventBytes = 1u << 20;

uint64_t NowUs() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1000000 + static_cast<uint64_t>(time.tv_nsec) / 1000;
}

class Run {
 public:
  Run(const Supervision& supervision, const RunFrame& run, bool probe)
      : supervision_(supervision), run_(run), limits_(run.limits), guards_(supervision.guards), probe_(probe) {
    if (!guards_.On("processes")) limits_.processes = 100000;
  }

  std::string ToTheEnd(bool* quit) {
    Cgroup* cgroup = guards_.On("memory") ? supervision_.cgroup : nullptr;
    if (cgroup != nullptr && !cgroup->Reset(limits_))
      return Encode(FaultFrame{run_.id, "set the limits of the cgroup", errno, ""});
    cgroup_ = cgroup;
    try {
      jail_ = StartJail(supervision_.config, run_, guards_, cgroup_, probe_);
    } catch (const JailFault& fault) {
      return Encode(FaultFrame{run_.id, fault.step, fault.error_number, ""});
    }
    meter_ = std::make_unique<TreeMeter>(jail_.pid);
    started_us_ = NowUs();
    Watch(quit);
    rusage used = {};
    int status = 0;
    wait4(jail_.pid, &status, 0, &used);
    ReadAll();
    if (!report_.empty()) return SetupFault();
    if (start_overdue_) {
      return Encode(FaultFrame{run_.id, "wait for the harness", ETIMEDOUT, output_});
    }
    if (!ready_ && !probe_ && limit_ == Limit::kNone) {
      return Encode(FaultFrame{run_.id, "start the harness", 0, output_});
    }
    return Encode(Outcome(status, used));
  }

 private:
  void Watch(bool* quit) {
    for (;;) {
      pollfd fds[] = {{jail_.pidfd.get(), POLLIN, 0},
                      {output_open_ ? jail_.output.get() : -1, POLLIN, 0},
                      {events_open_ ? jail_.events.get() : -1, POLLIN, 0},
                      {supervision_.control_fd, POLLIN, 0}};
      poll(fds, 4, kSampleMs);
      if (fds[1].revents != 0) ReadOutput();
      if (fds[2].revents != 0) ReadEvents();
      if (fds[3].revents != 0 && limit_ == Limit::kNone) {
        Wish wish = supervision_.on_control();
        if (wish == Wish::kQuit) *quit = true;
        if (wish != Wish::kGoOn) End(Limit::kCancelled);
      }
      if (fds[0].revents != 0) return;
      if (limit_ == Limit::kNone && !start_overdue_) CheckLimits();
      // The control descriptor stays readable once Node is gone; the jail is ending, so no spinning for long.
    }
  }

  void CheckLimits() {
    uint64_t now = NowUs();
    if (!ready_) {
      start_overdue_ = now - started_us_ > limits_.start_us;
      if (start_overdue_) Kill();
      return;
    }
    TreeUsage tree = meter_->Measure();
    peak_memory_ = std::max(peak_memory_, tree.memory_bytes);
    cpu_us_ = std::max(cpu_us_, CpuSinceReady(tree.cpu_us));
    if (guards_.On("memory") && OverMemory(tree)) return End(Limit::kMemory);
    if (guards_.On("cpu") && cpu_us_ > limits_.cpu_us) return End(Limit::kCpu);
    if (guards_.On("wall") && now - ready_us_ > limits_.wall_us) return End(Limit::kWall);
  }

  bool OverMemory(const TreeUsage& tree) const {
    if (cgroup_ != nullptr) return cgroup_->OutOfMemory();
    // Children of a fork share most of their pages: only the exact count may end a cell.
    return tree.memory_bytes > limits_.memory_bytes && ProportionalMemoryBytes(jail_.pid) > limits_.memory_bytes;
  }

  uint64_t CpuSinceReady(uint64_t tree_cpu_us) const {
    uint64_t by_tree = tree_cpu_us > ready_cpu_us_ ? tree_cpu_us - ready_cpu_us_ : 0;
    uint64_t by_cgroup = 0;
    if (cgroup_ != nullptr) {
      uint64_t counted = cgroup_->CpuUs();
      by_cgroup = counted > ready_cgroup_us_ ? counted - ready_cgroup_us_ : 0;
    }
    return std::max(by_tree, by_cgroup);
  }

  void End(Limit limit) {
    limit_ = limit;
    Kill();
  }

  void Kill() { syscall(SYS_pidfd_send_signal, jail_.pidfd.get(), SIGKILL, nullptr, 0); }

  void ReadOutput() {
    char bytes[65536];
    ssize_t count = read(jail_.output.get(), bytes, sizeof bytes);
    if (count == 0) output_open_ = false;
    if (count <= 0) return;
    output_bytes_ += static_cast<uint64_t>(count);
    if (output_.size() < kKeptOutputBytes)
      output_.append(bytes, std::min<size_t>(static_cast<size_t>(count), kKeptOutputBytes - output_.size()));
    if (guards_.On("output") && output_bytes_ > limits_.output_bytes && limit_ == Limit::kNone) End(Limit::kOutput);
  }

  void ReadEvents() {
    char bytes[65536];
    ssize_t count = read(jail_.events.get(), bytes, sizeof bytes);
    if (count == 0) events_open_ = false;
    if (count <= 0) return;
    if (events_.size() < EventLimit()) events_.append(bytes, static_cast<size_t>(count));
    if (events_.size() >= EventLimit() && limit_ == Limit::kNone) End(Limit::kEvents);
    if (!ready_ && events_.find('\n') != std::string::npos) BecomeReady();
  }

  // Analyses answer with the tests they found, cells with short lines.
  size_t EventLimit() const { return std::max(kEventBytes, 16 * run_.payload.size()); }

  void BecomeReady() {
    unsigned long long cpu_ns = 0;
    if (sscanf(events_.c_str(), "ready %llu\n", &cpu_ns) != 1) return;
    ready_ = true;
    ready_us_ = NowUs();
    ready_cpu_us_ = cpu_ns / 1000;
    if (cgroup_ != nullptr) ready_cgroup_us_ = cgroup_->CpuUs();
  }

  void ReadAll() {
    uint64_t before;
    do {
      before = output_bytes_ + events_.size();
      if (output_open_) ReadOutput();
      if (events_open_) ReadEvents();
    } while (output_bytes_ + events_.size() != before);
    char bytes[1024];
    ssize_t count = read(jail_.report.get(), bytes, sizeof bytes);
    if (count > 0) report_.assign(bytes, static_cast<size_t>(count));
  }

  std::string SetupFault() const {
    size_t first = report_.find('\n'), second = report_.find('\n', first + 1);
    return Encode(FaultFrame{run_.id, report_.substr(first + 1, second - first - 1), atoi(report_.c_str()),
                             report_.substr(second + 1)});
  }

  OutcomeFrame Outcome(int status, const rusage& used) const {
    auto us = [](const timeval& time) {
      return static_cast<uint64_t>(time.tv_sec) * 1000000 + static_cast<uint64_t>(time.tv_usec);
    };
    OutcomeFrame outcome = {};
    outcome.id = run_.id;
    // A kill by the kernel for memory that happened between two looks.
    bool late_kill = limit_ == Limit::kNone && cgroup_ != nullptr && cgroup_->OutOfMemory();
    outcome.limit = static_cast<uint8_t>(late_kill ? Limit::kMemory : limit_);
    outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    outcome.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    outcome.cpu_us = std::max(cpu_us_, CpuSinceReady(us(used.ru_utime) + us(used.ru_stime)));
    outcome.wall_us = ready_ ? NowUs() - ready_us_ : 0;
    outcome.peak_memory_bytes = std::max<uint64_t>(peak_memory_, static_cast<uint64_t>(used.ru_maxrss) * 1024);
    if (cgroup_ != nullptr) outcome.peak_memory_bytes = std::max(outcome.peak_memory_bytes, cgroup_->PeakMemoryBytes());
    outcome.output_bytes = output_bytes_;
    outcome.output = output_;
    outcome.events = events_;
    return outcome;
  }

  const Supervision& supervision_;
  const RunFrame& run_;
  CellLimits limits_;
  const Guards& guards_;
  const bool probe_;
  Cgroup* cgroup_ = nullptr;
  Jail jail_;
  std::unique_ptr<TreeMeter> meter_;
  Limit limit_ = Limit::kNone;
  bool ready_ = false, start_overdue_ = false, output_open_ = true, events_open_ = true;
  uint64_t started_us_ = 0, ready_us_ = 0, ready_cpu_us_ = 0, ready_cgroup_us_ = 0;
  uint64_t cpu_us_ = 0, peak_memory_ = 0, output_bytes_ = 0;
  std::string output_, events_, report_;
};

}  // namespace

std::string Supervise(const Supervision& supervision, const RunFrame& run, bool probe, bool* quit) {
  return Run(supervision, run, probe).ToTheEnd(quit);
}

}  // namespace coderm
