#pragma once
#include <cstdint>
#include <random>
namespace coderm {
class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  double uniform() { return (engine_() >> 11) * 0x1.0p-53; }
 private:
  std::mt19937_64 engine_;
};
}  // namespace coderm
