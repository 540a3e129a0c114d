#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "private_folder.h"

namespace coderm {
namespace {

[[noreturn]] void Keep(const JailPlan& plan, bool may_kill) {
  prctl(PR_SET_NAME, "coderm-keeper");
  if (chdir("/") != 0) _exit(125);
  // Nothing of the launcher's stays open here, or others would wait for its end in vain.
  if (dup2(plan.life, 0) != 0) _exit(125);
  if (syscall(SYS_close_range, 1u, ~0u, 0u) != 0) {
    for (int fd = 1; fd < 4096; ++fd) close(fd);
  }
  char byte;
  while (read(0, &byte, 1) < 0 && errno == EINTR) continue;
  if (may_kill) kill(-1, SIGKILL);
  // Who is killed may still be at the end of a system call that makes a file.
  timespec moment = {0, 2000000};
  for (int tries = 0; tries < 500 && !RemoveFolder(plan.tmp); ++tries) nanosleep(&moment, nullptr);
  _exit(0);
}

}  // namespace

void StartKeeper(const JailPlan& plan, bool may_kill, const Checklist& list) {
  long pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
  list.Step(pid >= 0, "start the keeper");
  if (pid == 0) Keep(plan, may_kill);
}

}  // namespace coderm
