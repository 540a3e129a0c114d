// One jail and its first process, the interpreter. A step of the set-up that fails inside is told through
// Jail::report; a jail that cannot even be asked for is a JailFault.
#pragma once

#include <sys/types.h>

#include <string>

#include "cgroup.h"
#include "descriptor.h"
#include "frames.h"
#include "guards.h"
#include "pipes.h"

namespace coderm {

// What the launcher holds of a running jail.
struct Jail {
  pid_t pid = -1;
  Descriptor pidfd;   // readable when it has ended; macOS has none
  Descriptor output;  // read end: standard output and error of the interpreter itself
  Descriptor report;  // read end: a failed step of the set-up; closes when the interpreter starts
  Descriptor life;    // of a jail without a pid namespace: its keeper ends it when this closes
  std::string tmp;    // of a jail without a root of its own: its folder on the host
};

// Throws JailFault where this machine has no such jail at all.
void RequireJail(JailKind kind);

// Starts the configured script in a new jail, its processes counted in `cgroup` where there is one. `control` becomes
// the interpreter's descriptor 3; with -1 the set-up is done to its end and the process exits 0 instead of starting it.
Jail StartJail(const ConfigFrame& config, const CellLimits& limits, const Guards& guards, Cgroup* cgroup, int control);

// Whether its first process ended within that time.
bool AwaitEnd(const Jail& jail, int most_ms);

// Ends everything in it and waits for that; what its first process said with waitpid.
int EndJail(Jail* jail);

}  // namespace coderm
