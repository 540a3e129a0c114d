// The system call filter of a jail.
#pragma once

#include <linux/filter.h>

#include <vector>

#include "descriptor.h"
#include "frames.h"
#include "guards.h"

namespace coderm {

// The filter as the kernel takes it.
std::vector<sock_filter> SyscallFilter(JailKind jail, const Guards& guards);

// Installs the filter for this process and all it starts; PR_SET_NO_NEW_PRIVS must be set.
// Refusals answer EPERM, so that ordinary Python code sees an OSError and goes on.
// `questions` becomes the descriptor at which the launcher is asked (host_name.h), where this jail asks it anything.
// Returns false with errno set when the kernel does not take it.
bool InstallSyscallFilter(JailKind jail, const Guards& guards, Descriptor* questions);

}  // namespace coderm
