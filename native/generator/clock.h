#pragma once

#include <chrono>

namespace coderm {

// Seconds, of the clock that only goes forward.
inline double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace coderm
