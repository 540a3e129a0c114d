#include "unprivileged.h"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

namespace coderm {
namespace {

constexpr uint64_t kAddressSpaceSlack = 512ull << 20;  // libraries and thread stacks are mapped, not used

void SetLimit(int resource, uint64_t value, const char* name, const Checklist& list) {
  rlimit current;
  list.Step(getrlimit(static_cast<__rlimit_resource_t>(resource), &current) == 0, "read a limit", name);
  rlim_t wanted = std::min<rlim_t>(value, current.rlim_max);
  rlimit limit = {wanted, wanted};
  list.Step(setrlimit(static_cast<__rlimit_resource_t>(resource), &limit) == 0, "set a limit", name);
}

}  // namespace

void BecomeUnprivileged(uid_t user, const Checklist& list) {
  list.Step(setgroups(0, nullptr) == 0, "drop groups");
  // In a container with few user ids the high one does not exist; nobody does.
  if (setresgid(user, user, user) != 0) user = kNobody;
  list.Step(setresgid(user, user, user) == 0, "change group");
  list.Step(setresuid(user, user, user) == 0, "change user");
  list.Step(prctl(PR_SET_DUMPABLE, 1) == 0, "own /proc/self again");
}

void SetLimits(const CellLimits& limits, uint64_t others, const Guards& guards, const Checklist& list) {
  SetLimit(RLIMIT_CORE, 1, "core", list);  // with 0 the kernel would still start the host's handler of core dumps
  SetLimit(RLIMIT_NOFILE, 128, "nofile", list);
  SetLimit(RLIMIT_MEMLOCK, 0, "memlock", list);
  SetLimit(RLIMIT_MSGQUEUE, 0, "msgqueue", list);
  SetLimit(RLIMIT_SIGPENDING, 256, "sigpending", list);
  SetLimit(RLIMIT_RTPRIO, 0, "rtprio", list);
  SetLimit(RLIMIT_NICE, 0, "nice", list);
  SetLimit(RLIMIT_STACK, 8u << 20, "stack", list);
  if (guards.On("processes"))
    SetLimit(RLIMIT_NPROC, limits.processes + 1 + others, "nproc", list);  // and the interpreter
  if (guards.On("memory")) {
    SetLimit(RLIMIT_DATA, limits.memory_bytes, "data", list);
    SetLimit(RLIMIT_AS, limits.memory_bytes + kAddressSpaceSlack, "as", list);
  }
}

void DropCapabilityBounds(const Checklist& list) {
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; ++capability)
    list.Step(prctl(PR_CAPBSET_DROP, capability) == 0, "drop a capability bound", std::to_string(capability));
}

void DropCapabilities(const Checklist& list) {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  list.Step(syscall(SYS_capset, &header, none) == 0, "drop capabilities");
}

}  // namespace coderm
