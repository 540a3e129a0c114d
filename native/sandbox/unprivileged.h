// What a process lets go of before it runs anything untrusted.
#pragma once

#include <sys/types.h>

#include "checklist.h"
#include "frames.h"
#include "guards.h"

namespace coderm {

constexpr uid_t kNobody = 65534;

// From root to a user that owns nothing.
void BecomeUnprivileged(uid_t user, const Checklist& list);

// `others`: processes and threads of the same user outside this jail that the kernel counts too.
void SetLimits(const CellLimits& limits, uint64_t others, const Guards& guards, const Checklist& list);

// Also those that an exec could bring back; that needs a right which the second one takes.
void DropCapabilityBounds(const Checklist& list);
void DropCapabilities(const Checklist& list);

}  // namespace coderm
