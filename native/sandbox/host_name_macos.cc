// On macOS nothing asks the launcher for a name.

#include "host_name.h"

namespace coderm {

void AnswerUname(const Descriptor&) {}

}  // namespace coderm
