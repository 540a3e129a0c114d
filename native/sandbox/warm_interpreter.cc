#include "warm_interpreter.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "hand_over.h"

namespace coderm {
namespace {

// After so many runs a new one takes its place: nothing that creeps in slowly lives long.
constexpr int kMostRuns = 5000;
// Or when it holds so much more than at its start.
constexpr uint64_t kMostGrowth = 48u << 20;
constexpr uint64_t kGrowthStep = 1u << 20;  // limits are set again by such steps

std::string ReadSome(const Descriptor& pipe) {
  char bytes[4096];
  ssize_t count = read(pipe.get(), bytes, sizeof bytes);
  return std::string(bytes, count > 0 ? static_cast<size_t>(count) : 0);
}

WarmInterpreter::Message Parse(const char* text) {
  WarmInterpreter::Message message = {};
  unsigned long long cpu = 0;
  int clean = 0;
  if (strcmp(text, "warm") == 0) {
    message.kind = WarmInterpreter::Message::kWarm;
  } else if (sscanf(text, "ready %llu %d", &cpu, &message.sender) >= 1) {
    message.kind = WarmInterpreter::Message::kReady;
    message.cpu_us = cpu / 1000;
  } else if (sscanf(text, "done %d %d %llu %d", &message.exit_code, &message.signal, &cpu, &clean) == 4) {
    message.kind = WarmInterpreter::Message::kDone;
    message.cpu_us = cpu;
    message.clean = clean != 0;
  } else {
    message.kind = WarmInterpreter::Message::kGone;  // it has lost its senses
  }
  return message;
}

}  // namespace

WarmInterpreter::WarmInterpreter(const ConfigFrame& config, const CellLimits& limits, const Guards& guards,
                                 Cgroup* cgroup)
    : limits_(limits), cgroup_(cgroup), sockets_(MakeSockets()) {
  CellLimits kernels = limits;
  if (config.jail == JailKind::kLandlock) ++kernels.processes;  // its keeper
  if (cgroup != nullptr && !cgroup->SetLimits(kernels)) throw JailFault{"set the limits of the cgroup", errno};
  kernels.memory_bytes += kMostGrowth;  // the interpreter's own; a child takes back what it may not use
  jail_ = StartJail(config, kernels, guards, cgroup, sockets_.theirs.get());
  sockets_.theirs.Close();
}

WarmInterpreter::~WarmInterpreter() { EndJail(&jail_); }

bool WarmInterpreter::Serves(const CellLimits& limits) const {
  return in_use_ && runs_ < kMostRuns && Growth() < kMostGrowth && limits.memory_bytes == limits_.memory_bytes &&
         limits.processes == limits_.processes && limits.tmp_bytes == limits_.tmp_bytes;
}

uint64_t WarmInterpreter::Growth() const {
  uint64_t now = data_.Bytes();
  return now > warm_bytes_ ? (now - warm_bytes_ + kGrowthStep - 1) / kGrowthStep * kGrowthStep : 0;
}

void WarmInterpreter::Fork(const std::string& job, Descriptor output, Descriptor events, uint64_t cpu_s) {
  ++runs_;
  if (uint64_t growth = std::min(Growth(), kMostGrowth); growth != held_) {
    held_ = growth;
    CellLimits kernels = limits_;
    kernels.memory_bytes += held_;
    if (cgroup_ != nullptr && !cgroup_->SetMemory(kernels)) throw JailFault{"set the limits of the cgroup", errno};
  }
  Descriptor file = SealedFile(job);
  std::string asked = std::to_string(memory_bytes()) + " " + std::to_string(cpu_s);
  if (!HandOver(socket(), asked, std::array<int, 3>{file.get(), output.get(), events.get()}))
    throw JailFault{"hand over a job", errno};
  // macOS may lose a descriptor on its way that is open nowhere else.
  for (Descriptor* handed : {&file, &output, &events}) handed_.push_back(std::move(*handed));
}

WarmInterpreter::Message WarmInterpreter::Read() {
  char text[128];
  pid_t sender = -1;
  Descriptor handed;
  ssize_t count = Receive(sockets_.ours, text, sizeof text - 1, &sender, &handed);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return {Message::kNothing, 0, 0, 0, false, 0};
  if (count <= 0) return {Message::kGone, 0, 0, 0, false, 0};
  text[count] = '\0';
  if (handed.valid() && !warm_) {
    // From the jail's first process, before it becomes the interpreter.
    notices_ = SignalNotices(std::move(handed));
    return {Message::kNothing, 0, 0, 0, false, 0};
  }
  Message parsed = Parse(text);
  if (sender >= 0) parsed.sender = sender;
  if (parsed.kind == Message::kWarm) {
    warm_ = true;
    data_ = DataMeter(jail_.pid);
    warm_bytes_ = data_.Bytes();
  }
  if (parsed.kind != Message::kNothing) handed_.clear();
  return parsed;
}

std::string WarmInterpreter::Report() const { return ReadSome(jail_.report); }

std::string WarmInterpreter::Output() const { return ReadSome(jail_.output); }

}  // namespace coderm
