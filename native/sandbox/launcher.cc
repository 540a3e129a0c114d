// The launcher: a small process between Node and the jails. Node, with its gigabytes and GPU handles, never
// forks; this process does. It serves runs over the socket pair at descriptor 3, one after another in the order in
// which they came, and ends, with whatever it has running, when that closes: no death of Node leaves anything behind.

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>
#include <memory>
#include <set>
#include <string>

#include "cgroup.h"
#include "frames.h"
#include "guards.h"
#include "pipes.h"
#include "quietly.h"
#include "supervisor.h"
#ifdef CODERM_TEST_GUARDS
#include "syscall_filter.h"
#endif

namespace coderm {
namespace {

constexpr int kControl = 3;

class Launcher {
 public:
  int Serve() {
    std::string body;
    if (!WaitForFrame(&body)) return 0;
    FrameReader reader(body);
    if (reader.kind() != FrameKind::kConfig) throw FrameError("the first frame must be the configuration");
    config_ = DecodeConfig(reader);
    guards_ = std::make_unique<Guards>(config_.guards_off);
    cgroup_ = guards_->On("cgroup") ? Cgroup::Open() : nullptr;
    if (!Probe()) return 0;
    while (WaitForFrame(&body)) {
      FrameReader next(body);
      if (next.kind() == FrameKind::kCancel) {
        cancelled_.insert(DecodeCancel(next).id);
        continue;
      }
      if (next.kind() != FrameKind::kRun) throw FrameError("expected a run");
      bool quit = false;
      RunFrame run = DecodeRun(next);
      cancelled_.erase(cancelled_.begin(), cancelled_.lower_bound(run.id));  // runs that have ended by themselves
      if (cancelled_.erase(run.id) > 0) {
        Send(CancelledBeforeItBegan(run.id));
        continue;
      }
      running_ = run.id;
      Send(Supervise({config_, *guards_, cgroup_.get(), kControl, [this] { return OnControl(); }, warm_}, run, &quit));
      if (quit) return 0;
    }
    return 0;
  }

 private:
  // Builds one jail to the end of its checklist, so that a machine that has none is known before any work.
  bool Probe() {
    CellLimits limits = {1000000, 5000000, 10000000, 256u << 20, 1u << 20, 16, 1u << 20};
    std::string fault;  // or that it is ready
    try {
      RequireJail(config_.jail);
      fault = ProbeJail(config_, limits, *guards_, cgroup_.get());
    } catch (const JailFault& error) {
      fault = Encode(FaultFrame{0, error.step, error.error_number, ""});
    }
    bool usable = fault.empty();
    if (usable)
      fault = Encode(ReadyFrame{NameOf(config_.jail), cgroup_ ? cgroup_->version() : "rlimits",
                                geteuid() == 0 ? "root" : "user"});
    Send(fault);
    return usable;
  }

  Wish OnControl() {
    if (!ReadControl()) return Wish::kQuit;
    std::string body;
    while (buffer_.Next(&body)) {
      FrameReader reader(body);
      if (reader.kind() == FrameKind::kCancel) cancelled_.insert(DecodeCancel(reader).id);
      if (reader.kind() == FrameKind::kRun) waiting_.push_back(body);
    }
    return cancelled_.count(running_) > 0 ? Wish::kCancel : Wish::kGoOn;
  }

  static std::string CancelledBeforeItBegan(uint64_t id) {
    OutcomeFrame outcome = {};
    outcome.id = id;
    outcome.limit = static_cast<uint8_t>(Limit::kCancelled);
    return Encode(outcome);
  }

  bool WaitForFrame(std::string* body) {
    if (!waiting_.empty()) {
      *body = std::move(waiting_.front());
      waiting_.pop_front();
      return true;
    }
    while (!buffer_.Next(body)) {
      if (!ReadControl()) return false;
    }
    return true;
  }

  // False when Node is gone.
  bool ReadControl() {
    char bytes[65536];
    ssize_t count = read(kControl, bytes, sizeof bytes);
    if (count < 0 && errno == EINTR) return true;
    if (count <= 0) return false;
    buffer_.Append(bytes, static_cast<size_t>(count));
    return true;
  }

  void Send(const std::string& frame) {
    for (size_t done = 0; done < frame.size();) {
      ssize_t count = send(kControl, frame.data() + done, frame.size() - done, kQuietly);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return;  // Node is gone; the next read says so
      done += static_cast<size_t>(count);
    }
  }

  ConfigFrame config_;
  std::unique_ptr<Guards> guards_;
  std::unique_ptr<Cgroup> cgroup_;
  std::unique_ptr<WarmInterpreter> warm_;  // after the cgroup, which it must leave before that is removed
  FrameBuffer buffer_;
  std::deque<std::string> waiting_;
  uint64_t running_ = 0;          // id of the run in progress
  std::set<uint64_t> cancelled_;  // ids of runs, in progress or waiting, that are not wanted any more
};

#ifdef CODERM_TEST_GUARDS
// The system call filter of a jail, for the test that goes through all calls: one instruction per line.
int PrintFilter(const std::string& jail) {
  JailKind kind = jail == NameOf(JailKind::kLandlock) ? JailKind::kLandlock : JailKind::kNamespaces;
  for (const sock_filter& step : SyscallFilter(kind, Guards({}))) printf("%u %u %u %u\n", step.code, step.jt, step.jf, step.k);
  return 0;
}
#endif

}  // namespace
}  // namespace coderm

int main([[maybe_unused]] int argc, [[maybe_unused]] char** argv) {
#ifdef CODERM_TEST_GUARDS
  if (argc == 3 && strcmp(argv[1], "--filter") == 0) return coderm::PrintFilter(argv[2]);
#endif
  if (fcntl(coderm::kControl, F_SETFD, FD_CLOEXEC) != 0) {
    static const char message[] = "coderm-launcher: started by coderm itself, over descriptor 3; not by hand\n";
    ssize_t written = write(2, message, sizeof message - 1);
    (void)written;
    return 2;
  }
  // Nothing of Node's comes along, even if some library forgot to mark a descriptor.
  coderm::CloseFrom(4);
  // Ctrl-C goes to the whole terminal group, and a scheduler's signal to every process of a job: the launcher ends when
  // Node says so, not before.
  for (int number : {SIGINT, SIGHUP, SIGTERM, SIGQUIT, SIGUSR1, SIGUSR2}) signal(number, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  try {
    return coderm::Launcher().Serve();
  } catch (const std::exception& error) {
    std::string message = std::string("coderm-launcher: ") + error.what() + "\n";
    ssize_t written = write(2, message.data(), message.size());
    (void)written;
    return 1;
  }
}
