// The host's name, which a jail does not say.
#pragma once

#include "checklist.h"
#include "descriptor.h"

namespace coderm {

// Gives the new UTS namespace of this process the jail's name.
void SetJailName(const Checklist& list);

// Where there is no such namespace, uname is a question to the launcher (syscall_filter.h). Answers the next one; call
// it when `questions` is readable.
void AnswerUname(const Descriptor& questions);

}  // namespace coderm
