// Ends a Landlock jail, where no pid namespace does.
#pragma once

#include "checklist.h"
#include "jail_plan.h"

namespace coderm {

// Forks the keeper as a child of the launcher. Its domain must hold the calling process's, and be no wider than the
// jail: when plan.life closes (the launcher ends the jail, or is gone itself) it kills all of it, if `may_kill`, and
// removes plan.tmp. Nothing in the jail can signal it.
void StartKeeper(const JailPlan& plan, bool may_kill, const Checklist& list);

}  // namespace coderm
