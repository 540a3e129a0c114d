// What the first process of a jail does just before it becomes the interpreter, whatever the walls are made of.
#pragma once

#include <string>
#include <vector>

#include "checklist.h"
#include "frames.h"

namespace coderm {

// Puts the interpreter's descriptors at 0 to 3 and closes all others but the report.
void ArrangeDescriptors(int control, int output, int* report, const Checklist& list);

void ResetSignals();

[[noreturn]] void BecomeInterpreter(const ConfigFrame& config, const std::vector<std::string>& environment,
                                    const Checklist& list);

}  // namespace coderm
