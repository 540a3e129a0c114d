// What a jailed process meets at each system call.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "frames.h"
#include "guards.h"

namespace coderm {

// Answers of a call beside an errno: done, and done once the launcher was told (signal_notices.h) or not at all if it is
// asked for the answer (host_name.h).
constexpr int kLet = 0, kAskLauncher = -1, kTellLauncher = -2;

// What the low half of one argument must be; its `error` is the call's answer where it is not. 0: success, without
// anything done.
struct ArgumentRule {
  enum Kind {
    kOnly,    // under the mask it is one of the values
    kNot,     // under the mask it is none of the values, unless the whole next argument is `unless`
    kNoneOf,  // it has no bit of the mask
  } kind;
  int argument;
  uint32_t mask;
  std::vector<uint32_t> values;
  int error;
  int64_t unless = -1;
};

struct Treatment {
  std::vector<ArgumentRule> rules = {};  // in order; the first that is broken answers
  int answer = kLet;                     // one of those above, or an errno
};

// By number, on the architecture that this is compiled for. A call that is missing here does not exist in the jail.
std::map<long, Treatment> SystemCalls(JailKind jail, const Guards& guards);

}  // namespace coderm
