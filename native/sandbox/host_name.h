// The host's name, which a jail does not say.
#pragma once

#include <linux/seccomp.h>

#include "checklist.h"
#include "descriptor.h"

namespace coderm {

// Gives the new UTS namespace of this process the jail's name.
void SetJailName(const Checklist& list);

// Where there is no such namespace, uname is a question to the launcher (syscall_filter.h): answers it.
void AnswerUname(const Descriptor& questions, const seccomp_notif& question);

}  // namespace coderm
