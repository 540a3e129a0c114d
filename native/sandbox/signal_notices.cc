#include "signal_notices.h"

#include <linux/seccomp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "host_name.h"

namespace coderm {

bool SignalNotices::Heed(pid_t ours) const {
  bool others = false;
  // Bounded: one that signals without end must not keep the supervisor from its limits.
  for (int count = 0; count < 16; ++count) {
    pollfd waiting = {listener_.get(), POLLIN, 0};
    if (poll(&waiting, 1, 0) != 1 || (waiting.revents & POLLIN) == 0) break;
    union {
      seccomp_notif question;
      char room[1024];  // a younger kernel's may be longer
    };
    memset(room, 0, sizeof room);
    if (ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_RECV, &question) != 0) continue;  // its caller is gone
    if (question.data.nr == SYS_uname) {
      AnswerUname(listener_, question);
      continue;
    }
    others |= static_cast<pid_t>(question.pid) != ours;
    seccomp_notif_resp answer = {};
    answer.id = question.id;
    answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer);
  }
  return others;
}

}  // namespace coderm
