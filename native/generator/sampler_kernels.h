// The loops of the sampler over a whole vocabulary, compiled once for each instruction set that is worth it and
// chosen when the program runs. Every set gives the same bits: no operation is fused or reordered, and sums are
// kept in as many partial sums as the widest set has lanes.

#pragma once

#include <vector>

namespace coderm {

// Tokens that are looked at together; arrays are padded to whole blocks.
constexpr int kBlock = 128;

struct SamplerKernels {
  const char* name;  // "generic", "avx2", "avx512"

  // peaks[b]: the greatest of block b's logits; NaN if one of them is NaN.
  void (*find_peaks)(const float* logits, int blocks, float* peaks);

  // weights[i] = 2^((logits[i] - peak) * scale) for logits <= peak, in [0, 1]; what would be below 2^-126 is 0 or
  // something that is.
  // sums[b]: the weights of block b, added up.
  void (*weigh)(const float* logits, int blocks, float peak, float scale, float* weights, double* sums);

  // sums[b]: the weights of block b's tokens whose logit is at least `cut`, or above it, added up. `peaks`
  // are find_peaks' of these logits.
  void (*sum_from)(const float* logits, const float* weights, const float* peaks, int blocks, float cut,
                   double* sums);
  void (*sum_above)(const float* logits, const float* weights, const float* peaks, int blocks, float cut,
                   double* sums);
};

// Those that this processor can run, the fastest first. The last one is "generic".
const std::vector<const SamplerKernels*>& RunnableKernels();

}  // namespace coderm
