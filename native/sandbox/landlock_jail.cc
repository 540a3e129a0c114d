// Theory of operation. There is no root of its own, no pid namespace, no tmpfs: what they keep apart is kept apart by
// domains. A process may signal those of its own domain and of the domains nested in it, and no others. Three of them
// lie inside each other:
//   the keeper's      (scope only)           its kill(-1) reaches all of the jail, and nothing of the user's session
//   the interpreter's (files, TCP, scope)    its kill(-1) reaches all of its children, and not the keeper
//   a child's         (scope only, warm.py)  its kill(-1) reaches what it started itself
// Landlock says nothing of modes, owners, times and attributes of files, and nothing of local sockets with a path:
// the system call filter refuses those.

#include "landlock_jail.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>

#include "descriptor.h"
#include "keeper.h"
#include "unprivileged.h"

namespace coderm {
namespace {

constexpr long kCreateRuleset = 444, kAddRule = 445, kRestrictSelf = 446;  // the same on every architecture
constexpr int kPathBeneath = 1;

// The kernel's headers may be older than the kernel, so its structures stand here.
struct RulesetAttributes {
  uint64_t handled_files, handled_network, scoped;
};
struct __attribute__((packed)) PathBeneath {
  uint64_t allowed;
  int32_t parent;
};

// Rights on files (LANDLOCK_ACCESS_FS_*); ABI 6 has the first 16.
constexpr uint64_t kExecute = 1 << 0, kWriteFile = 1 << 1, kReadFile = 1 << 2, kReadFolder = 1 << 3;
constexpr uint64_t kMakeDevice = 1 << 6 | 1 << 11, kMakeSocket = 1 << 9, kDeviceRequests = 1 << 15;
constexpr uint64_t kAllFiles = (1 << 16) - 1;
constexpr uint64_t kOfFiles = kExecute | kWriteFile | kReadFile | 1 << 14;  // the rest is for folders only
constexpr uint64_t kAllTcp = 1 << 0 | 1 << 1;  // bind, connect
constexpr uint64_t kAbstractSockets = 1 << 0, kSignals = 1 << 1;
// What is written there could otherwise be started as a program that the supervisor may not look into.
constexpr uint64_t kOwnFolder = kAllFiles & ~(kMakeDevice | kMakeSocket | kDeviceRequests | kExecute);

// Other processes that this user may start while the jail stands, without taking from its share.
constexpr uint64_t kMeanwhile = 32;

Descriptor MakeRuleset(const RulesetAttributes& attributes, const Checklist& list) {
  Descriptor ruleset(static_cast<int>(syscall(kCreateRuleset, &attributes, sizeof attributes, 0u)));
  list.Step(ruleset.valid(), "make a Landlock ruleset");
  return ruleset;
}

void Restrict(const Descriptor& ruleset, const Checklist& list) {
  list.Step(syscall(kRestrictSelf, ruleset.get(), 0u) == 0, "enter a Landlock domain");
}

void Allow(const Descriptor& ruleset, const std::string& path, uint64_t rights, const Checklist& list) {
  Descriptor fd(open(path.c_str(), O_PATH | O_CLOEXEC));
  list.Step(fd.valid(), "open a path that the jail shows", path);
  struct stat status;
  list.Step(fstat(fd.get(), &status) == 0, "look at a path that the jail shows", path);
  PathBeneath rule = {S_ISDIR(status.st_mode) ? rights : rights & kOfFiles, fd.get()};
  list.Step(syscall(kAddRule, ruleset.get(), kPathBeneath, &rule, 0u) == 0, "allow a path", path);
}

void EnterDomain(const JailPlan& plan, uint64_t scoped, const Checklist& list) {
  RulesetAttributes attributes = {kAllFiles, kAllTcp, scoped};
  if (!plan.guards.On("landlock-files")) attributes.handled_files = 0;
  if (!plan.guards.On("network")) attributes.handled_network = 0;
  if ((attributes.handled_files | attributes.handled_network | scoped) == 0) return;
  Descriptor ruleset = MakeRuleset(attributes, list);
  if (attributes.handled_files != 0) {
    for (const Bind& bind : plan.config.binds) Allow(ruleset, bind.source, kReadFile | kReadFolder | kExecute, list);
    for (const char* device : {"/dev/null", "/dev/zero", "/dev/urandom"})
      Allow(ruleset, device, kReadFile | kWriteFile, list);
    Allow(ruleset, plan.tmp, kOwnFolder, list);
  }
  Restrict(ruleset, list);
}

// Processes and threads that the kernel counts for a user beside this jail's.
uint64_t TasksOf(uid_t user) {
  DIR* folder = opendir("/proc");
  if (folder == nullptr) return 0;
  uint64_t tasks = 0;
  while (dirent* entry = readdir(folder)) {
    if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
    std::ifstream status(std::string("/proc/") + entry->d_name + "/status");
    unsigned owner = 0, threads = 0;
    bool its = false;
    for (std::string line; std::getline(status, line);) {
      if (sscanf(line.c_str(), "Uid: %u", &owner) == 1) its = owner == user;
      if (sscanf(line.c_str(), "Threads: %u", &threads) == 1 && its) tasks += threads;
    }
  }
  closedir(folder);
  return tasks;
}

}  // namespace

void EnterLandlock(const JailPlan& plan, const Checklist& list) {
  if (plan.as_root) {
    DropCapabilityBounds(list);
    BecomeUnprivileged(plan.outside_user, list);
  }
  list.Step(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "give up new privileges");
  list.Step(mkdir(plan.tmp.c_str(), 0700) == 0, "make the jail's folder", plan.tmp);
  list.Step(chdir(plan.tmp.c_str()) == 0, "stand in the jail's folder", plan.tmp);

  uint64_t scoped = plan.guards.On("network") ? kAbstractSockets : 0;
  bool signals_stay = plan.guards.On("landlock-scope");
  if (signals_stay) scoped |= kSignals;
  pid_t launcher = getppid();
  if (scoped != 0) Restrict(MakeRuleset({0, 0, scoped}, list), list);
  // From here on kill(-1) is used: it had better not reach anybody else.
  bool kept_in = kill(launcher, 0) != 0 && errno == EPERM;
  list.Step(kept_in || !signals_stay, "keep signals in the jail");
  StartKeeper(plan, signals_stay, list);

  uint64_t others = TasksOf(geteuid());
  // A high id of its own has no others; this process and the keeper are counted already.
  SetLimits(plan.limits, others > 2 ? others + kMeanwhile : 0, plan.guards, list);
  if (plan.guards.On("tmp-size")) {
    rlimit size = {plan.limits.tmp_bytes, plan.limits.tmp_bytes};
    list.Step(setrlimit(RLIMIT_FSIZE, &size) == 0, "set a limit", "fsize");
  }
  EnterDomain(plan, scoped, list);
  // What a child leaves running comes to the interpreter, which ends it.
  if (signals_stay) list.Step(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0, "adopt orphans");
}

void AddLandlockEnvironment(const JailPlan& plan, std::vector<std::string>* environment) {
  for (const char* name : {"HOME=", "TMPDIR="}) environment->push_back(name + plan.tmp);
  if (plan.guards.On("landlock-scope")) environment->push_back("CODERM_JAIL=landlock");
}

}  // namespace coderm
