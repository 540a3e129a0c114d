// Theory of operation. system_calls.cc says what becomes of each call; this makes a program of it. The numbers are cut
// into ranges of equal treatment, found by halving: eight comparisons at most, and for calls that are always let through
// a kernel of 5.11 or newer does not even run the program. A call of a foreign architecture (i386, x32) is refused
// whole, since its numbers mean other things.

#include "syscall_filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

#include "system_calls.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

#if defined(__x86_64__)
#define CODERM_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define CODERM_ARCH AUDIT_ARCH_AARCH64
#else
#error "the sandbox knows x86-64 and arm64"
#endif

namespace coderm {
namespace {

using Program = std::vector<sock_filter>;

constexpr uint32_t kX32 = 0x40000000;  // the first number of the x32 architecture

void Load(Program* program, size_t offset) {
  program->push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset)));
}

void LoadArgument(Program* program, int argument) {
  Load(program, offsetof(seccomp_data, args) + 8 * static_cast<size_t>(argument));
}

void Return(Program* program, uint32_t action) { program->push_back(BPF_STMT(BPF_RET | BPF_K, action)); }

void Jump(Program* program, int test, uint32_t value, size_t if_so, size_t if_not) {
  program->push_back(BPF_JUMP(static_cast<uint16_t>(BPF_JMP | test | BPF_K), value, static_cast<uint8_t>(if_so),
                              static_cast<uint8_t>(if_not)));
}

// Told apart from a question by data that the kernel passes over.
constexpr uint32_t kTell = SECCOMP_RET_USER_NOTIF | 1;

uint32_t ActionOf(int answer) {
  if (answer == kTellLauncher) return kTell;
  return answer == kAskLauncher ? SECCOMP_RET_USER_NOTIF : SECCOMP_RET_ERRNO | static_cast<uint32_t>(answer);
}

// Ends with the call's answer where the rule is broken, and goes on behind it where it is not.
void AddRule(Program* program, const ArgumentRule& rule) {
  LoadArgument(program, rule.argument);
  uint32_t broken = ActionOf(rule.error);
  if (rule.kind == ArgumentRule::kNoneOf) {
    Jump(program, BPF_JSET, rule.mask, 0, 1);
    return Return(program, broken);
  }
  if (rule.mask != ~0u) program->push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, rule.mask));
  bool only = rule.kind == ArgumentRule::kOnly;
  size_t tail = rule.unless >= 0 ? 5 : 1;  // instructions behind the comparisons
  for (size_t i = 0; i < rule.values.size(); ++i) {
    size_t left = rule.values.size() - 1 - i;
    size_t past = left + tail;  // behind the rule
    if (only) Jump(program, BPF_JEQ, rule.values[i], past, 0);
    else Jump(program, BPF_JEQ, rule.values[i], left, left == 0 ? tail : 0);
  }
  if (rule.unless >= 0) {
    LoadArgument(program, rule.argument + 1);
    Jump(program, BPF_JEQ, static_cast<uint32_t>(rule.unless), 0, 2);
    Load(program, offsetof(seccomp_data, args) + 8 * static_cast<size_t>(rule.argument + 1) + 4);
    Jump(program, BPF_JEQ, 0, 1, 0);
  }
  Return(program, broken);
}

Program Compile(const Treatment& treatment) {
  Program program;
  for (const ArgumentRule& rule : treatment.rules) AddRule(&program, rule);
  Return(&program, treatment.answer == kLet ? SECCOMP_RET_ALLOW : ActionOf(treatment.answer));
  return program;
}

bool Same(const Program& one, const Program& other) {
  if (one.size() != other.size()) return false;
  for (size_t i = 0; i < one.size(); ++i) {
    if (one[i].code != other[i].code || one[i].jt != other[i].jt || one[i].jf != other[i].jf || one[i].k != other[i].k)
      return false;
  }
  return true;
}

// Numbers from `first` up to the next range.
struct Range {
  uint32_t first;
  Program program;
};

std::vector<Range> Ranges(const std::map<long, Treatment>& calls, const Program& unknown) {
  std::vector<Range> ranges;
  auto add = [&](uint32_t first, const Program& program) {
    if (ranges.empty() || !Same(ranges.back().program, program)) ranges.push_back({first, program});
  };
  uint32_t next = 0;
  for (const auto& [number, treatment] : calls) {
    uint32_t first = static_cast<uint32_t>(number);
    if (first > next) add(next, unknown);
    add(first, Compile(treatment));
    next = first + 1;
  }
  add(next, unknown);
  return ranges;
}

// Finds the range of the number among those from `from` up to `to`.
void Search(const std::vector<Range>& ranges, size_t from, size_t to, Program* program) {
  if (to - from == 1) {
    program->insert(program->end(), ranges[from].program.begin(), ranges[from].program.end());
    return;
  }
  size_t middle = (from + to) / 2;
  Program lower;
  Search(ranges, from, middle, &lower);
  Jump(program, BPF_JGE, ranges[middle].first, 0, 1);
  program->push_back(BPF_STMT(BPF_JMP | BPF_JA, static_cast<uint32_t>(lower.size())));
  program->insert(program->end(), lower.begin(), lower.end());
  Search(ranges, middle, to, program);
}

bool Install(Program program, bool asks, Descriptor* questions) {
  sock_fprog filter = {static_cast<unsigned short>(program.size()), program.data()};
  if (!asks) return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
  // The launcher's answer, once it is on its way, is not interrupted by signals: nobody expects that of uname. Without
  // that (before Linux 5.19) there is one flag as old as the kernel that lets a call go on which was told of (5.7).
  for (unsigned long flag : {SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
                             static_cast<unsigned long>(SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH)}) {
    long listener =
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER | flag, &filter);
    if (listener >= 0) *questions = Descriptor(static_cast<int>(listener));
    if (listener >= 0 || errno != EINVAL) break;
  }
  return questions->valid();
}

// False where the filter asks nobody.
bool Asks(const Program& program) {
  for (const sock_filter& step : program) {
    if (step.code == (BPF_RET | BPF_K) && (step.k == SECCOMP_RET_USER_NOTIF || step.k == kTell)) return true;
  }
  return false;
}

}  // namespace

std::vector<sock_filter> SyscallFilter(JailKind jail, const Guards& guards) {
  Program absent, unknown;
  Return(&absent, SECCOMP_RET_ERRNO | ENOSYS);
  Return(&unknown, guards.On("syscalls") ? SECCOMP_RET_ERRNO | ENOSYS : SECCOMP_RET_ALLOW);
  std::vector<Range> ranges = Ranges(SystemCalls(jail, guards), unknown);
  ranges.push_back({kX32, absent});
  Program program;
  Load(&program, offsetof(seccomp_data, arch));
  Jump(&program, BPF_JEQ, CODERM_ARCH, 1, 0);
  Return(&program, SECCOMP_RET_ERRNO | ENOSYS);
  Load(&program, offsetof(seccomp_data, nr));
  Search(ranges, 0, ranges.size(), &program);
  return program;
}

bool InstallSyscallFilter(JailKind jail, const Guards& guards, Descriptor* questions) {
  Program program = SyscallFilter(jail, guards);
  if (Install(program, Asks(program), questions)) return true;
  if (errno != EBUSY && errno != EINVAL) return false;
  // Another filter above this one asks somebody already (a container's), and the kernel has only one to ask; or this
  // kernel is too old. Then nobody says the name, and nobody is told of signals.
  for (sock_filter& step : program) {
    if (step.code != (BPF_RET | BPF_K)) continue;
    if (step.k == SECCOMP_RET_USER_NOTIF) step.k = SECCOMP_RET_ERRNO | EPERM;
    if (step.k == kTell) step.k = SECCOMP_RET_ALLOW;
  }
  return Install(program, false, questions);
}

}  // namespace coderm
