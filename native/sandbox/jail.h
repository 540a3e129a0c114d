// One jailed process: the interpreter, first process of its own namespaces.
#pragma once

#include <sys/types.h>

#include <string>

#include "cgroup.h"
#include "descriptor.h"
#include "frames.h"
#include "guards.h"

namespace coderm {

// What the launcher holds of a running jail.
struct Jail {
  pid_t pid = -1;
  Descriptor pidfd;
  Descriptor output;  // read end: standard output and error of everything in the jail
  Descriptor events;  // read end: what the harness writes to descriptor 4
  Descriptor report;  // read end: a failed step of the set-up; closes when the interpreter starts
};

// Thrown when the jail cannot even be asked for; a step that fails inside is reported through Jail::report.
struct JailFault {
  std::string step;
  int error_number;
};

// Starts `run.script` in a fresh jail, its processes counted in `cgroup` where there is one. With `probe` the
// set-up is done to its end and the process exits 0 instead of starting the interpreter.
Jail StartJail(const ConfigFrame& config, const RunFrame& run, const Guards& guards, Cgroup* cgroup, bool probe);

}  // namespace coderm
