// The system calls that a jailed process is refused.
#pragma once

#include "frames.h"
#include "guards.h"

namespace coderm {

// Installs the filter for this process and all it starts; PR_SET_NO_NEW_PRIVS must be set.
// Refusals answer EPERM, so that ordinary Python code sees an OSError and goes on.
// Returns false with errno set when the kernel does not take it.
bool InstallSyscallFilter(JailKind jail, const Guards& guards);

}  // namespace coderm
