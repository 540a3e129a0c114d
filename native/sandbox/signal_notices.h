// What the system call filter tells of signals that are asked for inside the jail.
#pragma once

#include <sys/types.h>

#include "descriptor.h"

namespace coderm {

// Who is ended by a signal that nobody in its jail has asked for was ended from outside: no text can forge that, since
// every way to a signal of one's choice stops here first. The call goes on as it was made.
class SignalNotices {
 public:
  SignalNotices() = default;
  explicit SignalNotices(Descriptor listener) : listener_(std::move(listener)) {}
  // False: this kernel, or a container around it, gives none, and nothing is known.
  bool given() const { return listener_.valid(); }
  int fd() const { return listener_.get(); }
  // Lets the callers go on, or tells them the jail's name if they ask for that. True if one that was not `ours` asked for a
  // signal.
  bool Heed(pid_t ours) const;

 private:
  Descriptor listener_;
};

}  // namespace coderm
