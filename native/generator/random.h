// The random numbers of one sample: xoshiro256** (Blackman and Vigna, 2018), its state filled by splitmix64 as its
// authors advise. Only 64-bit integer arithmetic and one exact conversion: the same stream on every platform.

#pragma once

#include <stdint.h>

namespace coderm {

class Random {
 public:
  explicit Random(uint64_t seed) {
    for (uint64_t& word : state_) {
      seed += 0x9e3779b97f4a7c15u;
      uint64_t mixed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
      mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
      word = mixed ^ (mixed >> 31);
    }
  }

  // A multiple of 2^-53 in [0, 1).
  double uniform() { return static_cast<double>(Next() >> 11) * 0x1p-53; }

 private:
  uint64_t Next() {
    uint64_t result = RotateLeft(state_[1] * 5, 7) * 9;
    uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = RotateLeft(state_[3], 45);
    return result;
  }

  static uint64_t RotateLeft(uint64_t word, int bits) { return (word << bits) | (word >> (64 - bits)); }

  uint64_t state_[4];
};

}  // namespace coderm
