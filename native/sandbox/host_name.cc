// Theory of operation of AnswerUname. The kernel holds the caller of uname back until the launcher has written the
// answer into the caller's memory. That memory is opened before the kernel says that the caller still waits, so an id
// that was given to another process meanwhile is not written to. Only the launcher reads questions, and only after
// poll: then the kernel has one, or says that its caller is gone, and nobody waits here. A signal to the caller before
// that interrupts its call, which then answers EINTR. A container's root without CAP_SYS_PTRACE may
// open the memory of nobody else's process, so it is opened as the caller's user. Where the launcher may not write
// there all the same (Yama's scope 2 or 3), the call is refused: the name stays hidden.

#include "host_name.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <string>

namespace coderm {
namespace {

constexpr char kName[] = "coderm-jail";
constexpr char kDomain[] = "(none)";  // what a machine without one says

bool Waits(const Descriptor& questions, const seccomp_notif& question) {
  return ioctl(questions.get(), SECCOMP_IOCTL_NOTIF_ID_VALID, &question.id) == 0;
}

Descriptor OpenMemory(pid_t pid) {
  std::string process = "/proc/" + std::to_string(pid);
  struct stat owner;
  if (stat(process.c_str(), &owner) != 0) return Descriptor();
  setfsgid(owner.st_gid);
  setfsuid(owner.st_uid);
  Descriptor memory(open((process + "/mem").c_str(), O_WRONLY | O_CLOEXEC));
  setfsuid(geteuid());
  setfsgid(getegid());
  return memory;
}

bool WriteAnswer(const Descriptor& questions, const seccomp_notif& question) {
  utsname name;
  if (uname(&name) != 0) return false;
  memset(name.nodename, 0, sizeof name.nodename);
  memcpy(name.nodename, kName, sizeof kName);
  memset(name.domainname, 0, sizeof name.domainname);
  memcpy(name.domainname, kDomain, sizeof kDomain);
  Descriptor memory = OpenMemory(static_cast<pid_t>(question.pid));
  return memory.valid() && Waits(questions, question) &&
         pwrite(memory.get(), &name, sizeof name, static_cast<off_t>(question.data.args[0])) == sizeof name;
}

}  // namespace

void SetJailName(const Checklist& list) {
  list.Step(sethostname(kName, sizeof kName - 1) == 0, "name the jail");
  list.Step(setdomainname(kDomain, sizeof kDomain - 1) == 0, "name the jail's domain");
}

void AnswerUname(const Descriptor& questions, const seccomp_notif& question) {
  seccomp_notif_resp answer = {};
  answer.id = question.id;
  answer.error = WriteAnswer(questions, question) ? 0 : -EPERM;
  ioctl(questions.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer);  // fails where the caller is gone: nobody waits then
}

}  // namespace coderm
