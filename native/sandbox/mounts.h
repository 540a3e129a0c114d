// The file system that a jailed process sees.
#pragma once

#include <cstdint>
#include <vector>

#include "checklist.h"
#include "frames.h"
#include "guards.h"

namespace coderm {

// Must run in a mount namespace of its own, with the right to mount. Builds a root that holds the bound
// paths (read-only), /dev/null, /dev/zero, /dev/urandom and an empty writable /tmp of `tmp_bytes`, makes it
// this process's root and lets go of the host's.
void EnterRoot(const std::vector<Bind>& binds, uint64_t tmp_bytes, const Guards& guards, const Checklist& list);

}  // namespace coderm
