// Landlock of the running kernel.
#pragma once

#include <unistd.h>

// Younger than some kernel headers; the number is the same on every architecture.
#define CODERM_SYS_LANDLOCK_CREATE_RULESET 444

namespace coderm {

// The ABI that the kernel offers; 0 where it has none, or where Landlock was left out when it was booted.
inline int LandlockAbi() {
#ifdef __linux__
  constexpr unsigned kVersion = 1u << 0;  // LANDLOCK_CREATE_RULESET_VERSION: asks, and creates nothing
  long abi = syscall(CODERM_SYS_LANDLOCK_CREATE_RULESET, nullptr, 0ul, kVersion);
  return abi > 0 ? static_cast<int>(abi) : 0;
#else
  return 0;
#endif
}

}  // namespace coderm
