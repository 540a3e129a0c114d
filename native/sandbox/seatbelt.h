// The walls of macOS: a Seatbelt profile.
#pragma once

#include <string>

#include "checklist.h"
#include "frames.h"

namespace coderm {

// A file beside a jail's folder, which the jail makes before it is one and tries to reach afterwards.
std::string OutsideOf(const std::string& tmp);

// What this process and all that it becomes or starts may do from here on; it cannot be taken back. `tmp`: the one
// folder that may be written, a real path. Ends by trying what the walls forbid: not tried is not there.
void EnterSeatbelt(const ConfigFrame& config, const std::string& tmp, const Checklist& list);

}  // namespace coderm
