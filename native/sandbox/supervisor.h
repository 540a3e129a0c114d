// Watches one run of the jail from outside and says what was seen. Decides no verdict.
#pragma once

#include <functional>

#include "cgroup.h"
#include "frames.h"
#include "guards.h"

namespace coderm {

// What the launcher wants of a run in progress, asked whenever its control descriptor has something to read.
enum class Wish { kGoOn, kCancel, kQuit };

struct Supervision {
  const ConfigFrame& config;
  const Guards& guards;
  Cgroup* cgroup;  // null: rlimits and samples of /proc instead
  int control_fd;
  std::function<Wish()> on_control;
};

// Runs to the end and answers with one encoded frame, an outcome or a fault of ours. `quit` is set when
// the control descriptor closed meanwhile.
std::string Supervise(const Supervision& supervision, const RunFrame& run, bool probe, bool* quit);

}  // namespace coderm
