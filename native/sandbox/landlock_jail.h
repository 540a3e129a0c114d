// The jail of Landlock, for machines without namespaces: the host is there and out of reach.
#pragma once

#include <string>
#include <vector>

#include "checklist.h"
#include "jail_plan.h"

namespace coderm {

// The oldest ABI that keeps signals and abstract sockets in.
constexpr int kLeastLandlockAbi = 6;

// In the jail's first process: makes and enters its folder, starts its keeper, sets limits, becomes unprivileged and
// restricts itself, all but the system call filter.
void EnterLandlock(const JailPlan& plan, const Checklist& list);

// What the interpreter must know: its folder, and that signals stay in the jail (warm.py).
void AddLandlockEnvironment(const JailPlan& plan, std::vector<std::string>* environment);

}  // namespace coderm
