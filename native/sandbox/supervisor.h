// Watches one run from outside and says what was seen. Decides no verdict.
#pragma once

#include <functional>
#include <memory>

#include "cgroup.h"
#include "frames.h"
#include "guards.h"
#include "warm_interpreter.h"

namespace coderm {

// What the launcher wants of a run in progress, asked whenever its control descriptor has something to read.
enum class Wish { kGoOn, kCancel, kQuit };

struct Supervision {
  const ConfigFrame& config;
  const Guards& guards;
  Cgroup* cgroup;  // null: rlimits and samples of /proc instead
  int control_fd;
  std::function<Wish()> on_control;
  std::unique_ptr<WarmInterpreter>& warm;  // null, or that of the runs before; left behind for the next
};

// Runs to the end and answers with one encoded frame, an outcome or a fault of ours. `quit` is set when
// the control descriptor closed meanwhile.
std::string Supervise(const Supervision& supervision, const RunFrame& run, bool* quit);

// Builds one jail to the end of its checklist and takes it away. Throws JailFault; a step that failed inside is told
// as a fault frame, an empty string is success.
std::string ProbeJail(const ConfigFrame& config, const CellLimits& limits, const Guards& guards, Cgroup* cgroup);

}  // namespace coderm
