// macOS has no cgroups: rlimits and the supervisor's samples stand in, as on a Linux that lends none.

#include "cgroup.h"

namespace coderm {

std::unique_ptr<Cgroup> Cgroup::Open() { return nullptr; }
Cgroup::~Cgroup() = default;
bool Cgroup::SetLimits(const CellLimits&) { return false; }
bool Cgroup::SetMemory(const CellLimits&) { return false; }
bool Cgroup::Add(pid_t) { return false; }
void Cgroup::BeginRun() {}
uint64_t Cgroup::CpuUs() const { return 0; }
bool Cgroup::OutOfMemory() const { return false; }

}  // namespace coderm
