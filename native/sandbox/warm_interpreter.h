// The jail with the warm interpreter in it, which forks a child for each run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cgroup.h"
#include "frames.h"
#include "guards.h"
#include "jail.h"
#include "process_tree.h"
#include "signal_notices.h"

namespace coderm {

class WarmInterpreter {
 public:
  // What it says over its socket.
  struct Message {
    enum Kind { kNothing, kWarm, kReady, kDone, kGone } kind;
    uint64_t cpu_us;  // kReady: the child's so far; kDone: all of the child's, as far as anybody waited for it
    int exit_code, signal;
    bool clean;  // false: the jail is not as it was before the child
    pid_t sender;  // of kReady
  };

  // Asks for the jail; the interpreter says kWarm when it is up. Throws JailFault.
  WarmInterpreter(const ConfigFrame& config, const CellLimits& limits, const Guards& guards, Cgroup* cgroup);
  ~WarmInterpreter();
  WarmInterpreter(const WarmInterpreter&) = delete;
  WarmInterpreter& operator=(const WarmInterpreter&) = delete;

  // Whether it may take another run under these limits.
  bool Serves(const CellLimits& limits) const;
  void SetOutOfUse() { in_use_ = false; }
  bool warm() const { return warm_; }

  // Hands it a job, where the child's output and events go, and after how much CPU time the kernel itself is to end the
  // child. Throws JailFault.
  void Fork(const std::string& job, Descriptor output, Descriptor events, uint64_t cpu_s);
  // The memory limit of the child that was forked last: what the interpreter had taken on since it was warm is not the
  // child's.
  uint64_t memory_bytes() const { return limits_.memory_bytes + held_; }
  // The next message that is there; does not wait.
  Message Read();

  pid_t pid() const { return jail_.pid; }
  int pidfd() const { return jail_.pidfd.get(); }
  int socket() const { return sockets_.ours.get(); }
  // What the jail's filter asks and tells.
  const SignalNotices& notices() const { return notices_; }
  // Its folder on the host, where the jail has no root of its own; else empty.
  const std::string& tmp() const { return jail_.tmp; }
  // A failed step of the set-up ("errno\nstep\ndetail"), or nothing. What it wrote for us to read.
  std::string Report() const;
  std::string Output() const;

 private:
  uint64_t Growth() const;

  CellLimits limits_;
  Cgroup* cgroup_;
  Sockets sockets_;
  Jail jail_;
  std::vector<Descriptor> handed_;  // until it has answered
  bool warm_ = false, in_use_ = true;
  int runs_ = 0;
  SignalNotices notices_;
  DataMeter data_;
  uint64_t warm_bytes_ = 0, held_ = 0;  // of its own data: when it was warm; what came since, when it forked last
};

}  // namespace coderm
