// The jail of namespaces: the host is not there.
#pragma once

#include "checklist.h"
#include "jail_plan.h"

namespace coderm {

// What the clone of a process asks for that is to enter them.
unsigned long NamespaceFlags(const Guards& guards, bool as_root);

// In the clone: mounts, limits, user. Ends with the right to drop the capabilities of its own user namespace.
void EnterNamespaces(const JailPlan& plan, const Checklist& list);

}  // namespace coderm
