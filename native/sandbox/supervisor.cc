// Theory of operation. One poll loop watches the warm interpreter's messages and its end, and Node; time, memory,
// output and events are looked at every few milliseconds, so that a child which writes much wakes nobody. A run goes
// through four states: the interpreter starts (where it is not warm already), it prepares the job and forks, the
// child runs, all is over. The child's own "ready" is its last word before it reads anything untrusted. CPU and wall
// time of a cell count from when the event that starts it was seen, which is at most one look late, in the cell's
// favour; a child of cells compiles before its first one, under limits of its own (prepare.py). Ending a run is one SIGKILL to the child, whatever signals it
// ignores; the interpreter then ends what it left.

#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "pipes.h"
#include "private_folder.h"
#include "process.h"
#include "process_tree.h"

namespace coderm {
namespace {

constexpr int kSampleMs = 5;
constexpr uint64_t kClearingUs = 10000000;  // wall time in which the interpreter must say that a killed child is gone
constexpr size_t kKeptOutputBytes = 4096;
constexpr size_t kEventBytes = 1u << 20, kMostEventBytes = 64u << 20;
constexpr uint64_t kBackstopS = 3, kCompilingS = 2;  // CPU seconds: beyond a child's limit, and of a text's compiler

uint64_t NowUs() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1000000 + static_cast<uint64_t>(time.tv_nsec) / 1000;
}

// The report of a failed step as a fault frame.
std::string StepFault(uint64_t id, const std::string& report) {
  size_t first = report.find('\n'), second = report.find('\n', first + 1);
  return Encode(FaultFrame{id, report.substr(first + 1, second - first - 1), atoi(report.c_str()),
                           report.substr(second + 1)});
}

class Run {
 public:
  Run(const Supervision& supervision, const RunFrame& run)
      : supervision_(supervision), run_(run), limits_(run.limits), guards_(supervision.guards), warm_(supervision.warm) {
    if (!guards_.On("processes")) limits_.processes = 100000;
    if (guards_.On("memory")) cgroup_ = supervision_.cgroup;
  }

  std::string ToTheEnd(bool* quit) {
    started_us_ = NowUs();
    try {
      if (warm_ == nullptr || !warm_->Serves(limits_)) Replace();
      if (warm_->warm()) Begin();
      while (state_ != State::kOver) Step(quit);
    } catch (const JailFault& fault) {
      fault_ = Encode(FaultFrame{run_.id, fault.step, fault.error_number, ""});
    }
    std::string answer = fault_.empty() ? Encode(Outcome()) : fault_;
    if (!fault_.empty() || !usable_) warm_.reset();
    return answer;
  }

 private:
  enum class State { kStarting, kPreparing, kRunning, kOver };

  void Replace() {
    warm_.reset();
    warm_ = std::make_unique<WarmInterpreter>(supervision_.config, limits_, guards_, cgroup_);
  }

  void Begin() {
    Ends output = MakePipe(), events = MakePipe();
    Widen(events.write);
    for (const Ends* pipe : {&output, &events}) fcntl(pipe->read.get(), F_SETFL, O_NONBLOCK);
    if (cgroup_ != nullptr) cgroup_->BeginRun();
    warm_->Fork(run_.job, std::move(output.write), std::move(events.write), BackstopS());
    output_pipe_ = std::move(output.read);
    events_pipe_ = std::move(events.read);
    state_ = State::kPreparing;
  }

  void Step(bool* quit) {
    // The last of them is not looked at any more once the run is to end.
    pollfd fds[] = {{warm_->socket(), POLLIN, 0},
                    {warm_->pidfd(), POLLIN, 0},
                    {warm_->notices().fd(), POLLIN, 0},
                    {supervision_.control_fd, POLLIN, 0}};
    poll(fds, limit_ == Limit::kNone ? 4 : 3, kSampleMs);
    if ((fds[2].revents & POLLIN) != 0) signalled_ |= warm_->notices().Heed(warm_->pid());
    ReadAll();
    if (fds[0].revents != 0) Hear(warm_->Read());
    else if (fds[1].revents != 0) Hear({WarmInterpreter::Message::kGone, 0, 0, 0, false, 0});
    if (state_ == State::kOver) return;
    if (fds[3].revents != 0 && limit_ == Limit::kNone) {
      Wish wish = supervision_.on_control();
      if (wish == Wish::kQuit) *quit = true;
      if (wish != Wish::kGoOn) End(Limit::kCancelled);
    }
    CheckLimits();
  }

  void Hear(const WarmInterpreter::Message& message) {
    switch (message.kind) {
      case WarmInterpreter::Message::kNothing:
        return;
      case WarmInterpreter::Message::kWarm:
        return Begin();
      case WarmInterpreter::Message::kReady:
        return BecomeReady(message);
      case WarmInterpreter::Message::kDone:
        ReadAll();
        ended_ = message;
        usable_ = message.clean;
        // Before that it runs nothing but our own code: who ends it by a signal is somebody else.
        if (!ready_ && limit_ == Limit::kNone && ended_.signal == 0) Fail("start the harness", 0, output_);
        state_ = State::kOver;
        return;
      case WarmInterpreter::Message::kGone:
        usable_ = false;
        state_ = State::kOver;
        ReadAll();
        if (child_.valid()) child_.Signal(SIGKILL);  // where no kernel and no keeper does
        if (limit_ != Limit::kNone || (cgroup_ != nullptr && cgroup_->OutOfMemory())) return;
        std::string report = warm_->Report();
        if (!report.empty()) fault_ = StepFault(run_.id, report);
        else Fail(ready_ ? "keep the warm interpreter" : "start the warm interpreter", 0, warm_->Output());
    }
  }

  void BecomeReady(const WarmInterpreter::Message& message) {
    child_ = Process(message.sender, warm_->pid());
    LimitCpu(message.sender, BackstopS());
    meter_ = std::make_unique<TreeMeter>(warm_->pid());
    ready_ = true;
    state_ = State::kRunning;
    ready_cpu_us_ = message.cpu_us;
    cell_start_us_ = ready_us_ = NowUs();
    if (cgroup_ != nullptr) cgroup_->BeginRun();
  }

  void CheckLimits() {
    uint64_t now = NowUs();
    if (limit_ != Limit::kNone) {
      if (now - ended_us_ < kClearingUs) return;
      usable_ = false;  // nobody answers: the jail goes as a whole
      state_ = State::kOver;
    } else if (!ready_) {
      if (now - started_us_ > limits_.start_us) Fail("wait for the harness", ETIMEDOUT, output_);
    } else {
      CheckCell(now);
    }
  }

  void CheckCell(uint64_t now) {
    TreeUsage tree;
    bool counted = cgroup_ != nullptr && cgroup_->CountsCpu();
    if (!counted) tree = meter_->Measure();
    uint64_t by_tree = tree.cpu_us > ready_cpu_us_ ? tree.cpu_us - ready_cpu_us_ : 0;
    cpu_us_ = std::max(cpu_us_, counted ? cgroup_->CpuUs() : by_tree);
    NoticeNextCell(now);
    if (OverEvents()) return End(Limit::kEvents);
    if (OverOutput()) return End(Limit::kOutput);
    if (guards_.On("memory") && OverMemory(tree)) return End(Limit::kMemory);
    if (guards_.On("tmp-size") && !warm_->tmp().empty() && OverTmp()) return End(Limit::kMemory);
    if (Compiles()) {
      if (now - ready_us_ > limits_.start_us) End(Limit::kWall);
      return;
    }
    if (guards_.On("cpu") && cpu_us_ - cell_cpu_us_ > limits_.cpu_us) return End(Limit::kCpu);
    if (guards_.On("wall") && now - cell_start_us_ > limits_.wall_us) return End(Limit::kWall);
  }

  // Analyses and scripts do not: their mark is no line.
  bool TellsCells() const { return run_.mark != "\n"; }
  // Before its first cell.
  bool Compiles() const { return cells_ == 0 && TellsCells(); }

  // Counts the events that start a cell.
  void NoticeNextCell(uint64_t now) {
    uint32_t before = cells_;
    for (size_t end; (end = events_.find('\n', scanned_)) != std::string::npos; scanned_ = end + 1) {
      if (events_.compare(scanned_, run_.mark.size(), run_.mark) == 0) ++cells_;
    }
    if (cells_ == before) return;
    if (before == 0) {
      compiling_us_ = now - ready_us_;
      compiling_cpu_us_ = cpu_us_;
    }
    cell_cpu_us_ = cpu_us_;
    cell_start_us_ = now;
  }

  bool OverMemory(const TreeUsage& tree) const {
    if (cgroup_ != nullptr) return cgroup_->OutOfMemory();
    // Children of a fork share most of their pages: only the exact count may end a cell.
    return tree.memory_bytes > warm_->memory_bytes() && ProportionalMemoryBytes(warm_->pid()) > warm_->memory_bytes();
  }

  // A jail without a root of its own writes to a folder of the host: its files count as memory here too, also those without a name.
  bool OverTmp() const {
    uint64_t bytes = FolderBytes(warm_->tmp(), limits_.tmp_bytes);
    return bytes > limits_.tmp_bytes || bytes + DeletedBytes(warm_->pid(), warm_->tmp()) > limits_.tmp_bytes;
  }

  void End(Limit limit) {
    limit_ = limit;
    ended_us_ = NowUs();
    if (ready_ && child_.valid()) {
      child_.Signal(SIGKILL);
    } else {
      usable_ = false;
      state_ = State::kOver;
    }
  }

  void Fail(const char* step, int error, const std::string& detail) {
    fault_ = Encode(FaultFrame{run_.id, step, error, detail});
    state_ = State::kOver;
  }

  void ReadAll() {
    char bytes[65536];
    ssize_t count;
    // Bounded: one that writes without end must not keep us from looking at its limits.
    for (int reads = 0; reads < 64 && (count = read(output_pipe_.get(), bytes, sizeof bytes)) > 0; ++reads) {
      output_bytes_ += static_cast<uint64_t>(count);
      if (output_.size() < kKeptOutputBytes)
        output_.append(bytes, std::min<size_t>(static_cast<size_t>(count), kKeptOutputBytes - output_.size()));
    }
    while (events_.size() < EventLimit() && (count = read(events_pipe_.get(), bytes, sizeof bytes)) > 0) {
      events_.append(bytes, static_cast<size_t>(count));
    }
  }

  // Analyses answer with the tests they found, cells with short lines.
  size_t EventLimit() const { return std::clamp(16 * run_.job.size(), kEventBytes, kMostEventBytes); }

  // Who knows the mark could else begin one cell after another, each with time of its own.
  bool OverEvents() const { return events_.size() >= EventLimit() || (TellsCells() && cells_ > run_.cells); }

  // Of the whole child: which of its cells has written a byte is not to be seen from here. Where there are several,
  // each runs alone then (children.ts), and all that is written is its own.
  bool OverOutput() const { return guards_.On("output") && output_bytes_ > limits_.output_bytes; }

  // Should this process be stopped, the kernel ends a child that only computes.
  uint64_t BackstopS() const {
    return (run_.cells * limits_.cpu_us + 999999) / 1000000 + kBackstopS + kCompilingS * (1 + run_.cells);
  }

  bool OverCpu() const {
    return guards_.On("cpu") && !Compiles() && ended_.signal != 0 && UsedCpuUs() - cell_cpu_us_ > limits_.cpu_us;
  }

  // What the interpreter has waited for is exact, and known at the end.
  uint64_t UsedCpuUs() const {
    return std::max(cpu_us_, ended_.cpu_us > ready_cpu_us_ ? ended_.cpu_us - ready_cpu_us_ : 0);
  }

  OutcomeFrame Outcome() {
    uint64_t now = NowUs();
    if (limit_ == Limit::kNone) {
      NoticeNextCell(now);
      // What happened between two looks, in the order in which a look would have asked.
      if (OverEvents()) limit_ = Limit::kEvents;
      else if (OverOutput()) limit_ = Limit::kOutput;
      else if (cgroup_ != nullptr && cgroup_->OutOfMemory()) limit_ = Limit::kMemory;
      else if (OverCpu()) limit_ = Limit::kCpu;
    }
    OutcomeFrame outcome = {};
    outcome.id = run_.id;
    outcome.limit = static_cast<uint8_t>(limit_);
    outcome.cells = cells_;
    outcome.exit_code = ended_.exit_code;
    outcome.signal = ended_.signal;
    outcome.may_have_signalled = ready_ && (signalled_ || !warm_->notices().given());
    outcome.cpu_us = UsedCpuUs() - compiling_cpu_us_;
    outcome.wall_us = ready_ ? now - ready_us_ - compiling_us_ : 0;
    outcome.output_bytes = output_bytes_;
    outcome.output = output_;
    outcome.events = events_;
    return outcome;
  }

  const Supervision& supervision_;
  const RunFrame& run_;
  CellLimits limits_;
  const Guards& guards_;
  std::unique_ptr<WarmInterpreter>& warm_;
  Cgroup* cgroup_ = nullptr;
  State state_ = State::kStarting;
  Descriptor output_pipe_, events_pipe_;
  Process child_;
  std::unique_ptr<TreeMeter> meter_;
  WarmInterpreter::Message ended_ = {WarmInterpreter::Message::kNothing, 0, -1, 0, false, 0};
  Limit limit_ = Limit::kNone;
  bool ready_ = false, usable_ = true;
  bool signalled_ = false;  // something in the jail has asked for a signal
  uint64_t started_us_ = 0, ready_us_ = 0, ended_us_ = 0, ready_cpu_us_ = 0;
  uint64_t cpu_us_ = 0, output_bytes_ = 0;
  uint32_t cells_ = 0;
  size_t scanned_ = 0;  // end of the event lines that were looked at
  uint64_t cell_cpu_us_ = 0, cell_start_us_ = 0;
  uint64_t compiling_us_ = 0, compiling_cpu_us_ = 0;  // before the first cell
  std::string output_, events_, fault_;
};

}  // namespace

std::string Supervise(const Supervision& supervision, const RunFrame& run, bool* quit) {
  return Run(supervision, run).ToTheEnd(quit);
}

std::string ProbeJail(const ConfigFrame& config, const CellLimits& limits, const Guards& guards, Cgroup* cgroup) {
  if (cgroup != nullptr && !cgroup->SetLimits(limits)) throw JailFault{"set the limits of the cgroup", errno};
  Jail jail = StartJail(config, limits, guards, cgroup, -1);
  bool ended = AwaitEnd(jail, static_cast<int>(limits.start_us / 1000));
  int status = EndJail(&jail);
  char report[4096];
  ssize_t count = read(jail.report.get(), report, sizeof report);
  if (count > 0) return StepFault(0, std::string(report, static_cast<size_t>(count)));
  if (ended && WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
  return Encode(FaultFrame{0, "build a jail", ended ? 0 : ETIMEDOUT, ""});
}

}  // namespace coderm
