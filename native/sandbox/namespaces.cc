// Theory of operation. Started as an ordinary user the launcher adds a user namespace to the call that clones it,
// which gives the child the right to mount there. Started as root the child builds the mounts as root (so that an
// interpreter under a closed home folder can be shown), then becomes an unprivileged user and enters a user
// namespace of its own: from there on both ways are the same. The child is process 1 of its pid namespace: when it
// ends, the kernel ends the rest.

#include "namespaces.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "descriptor.h"
#include "host_name.h"
#include "mounts.h"
#include "unprivileged.h"

namespace coderm {
namespace {

constexpr uid_t kInsideUser = kNobody;  // who the jailed process believes it is

void WriteProc(int proc, const char* name, const std::string& text, const Checklist& list) {
  Descriptor file(openat(proc, name, O_WRONLY | O_CLOEXEC));
  list.Step(file.valid(), "open a user map", name);
  list.Step(write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()), "map the user", name);
}

void MapUser(int proc, uid_t user, gid_t group, const Checklist& list) {
  WriteProc(proc, "self/setgroups", "deny", list);
  WriteProc(proc, "self/uid_map", std::to_string(kInsideUser) + " " + std::to_string(user) + " 1", list);
  WriteProc(proc, "self/gid_map", std::to_string(kInsideUser) + " " + std::to_string(group) + " 1", list);
}

}  // namespace

unsigned long NamespaceFlags(const Guards& guards, bool as_root) {
  unsigned long flags = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS;
  if (guards.On("pid-namespace")) flags |= CLONE_NEWPID;
  if (guards.On("network")) flags |= CLONE_NEWNET;
  if (!as_root) flags |= CLONE_NEWUSER;
  return flags;
}

void EnterNamespaces(const JailPlan& plan, const Checklist& list) {
  Descriptor proc(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
  list.Step(proc.valid(), "open /proc");
  if (!plan.as_root) MapUser(proc.get(), plan.user, plan.group, list);
  EnterRoot(plan.config.binds, plan.limits.tmp_bytes, plan.guards, list);
  if (plan.guards.On("names")) SetJailName(list);
  SetLimits(plan.limits, 0, plan.guards, list);
  if (plan.as_root) {
    BecomeUnprivileged(plan.outside_user, list);
    uid_t user = geteuid();  // asked before: inside, before the map is written, everybody is nobody
    gid_t group = getegid();
    list.Step(unshare(CLONE_NEWUSER) == 0, "enter a user namespace");
    MapUser(proc.get(), user, group, list);
  }
  DropCapabilityBounds(list);
}

}  // namespace coderm
