// Draws the next token from a model's logits. Steps in this order, as the authors' engine takes them: temperature;
// top-k; top-p over what top-k left, renormalised; min-p relative to the most probable token.

#pragma once

#include <stdint.h>

#include <vector>

#include "random.h"
#include "sampler_kernels.h"

namespace coderm {

struct SamplerSettings {
  float temperature;  // 0: greedy
  float top_p;        // the smallest set of most probable tokens with at least this mass; 1: off
  int top_k;          // the most probable so many; 0: off
  float min_p;        // tokens at least this times as probable as the most probable one; 0: off
};

// What draw() gives where no token can be drawn: a logit is NaN or +infinity, or all are -infinity.
constexpr int kNoToken = -1;

// Holds scratch memory for one vocabulary: 8 bytes a token. One per thread; nothing is kept from draw to draw.
class Sampler {
 public:
  explicit Sampler(int n_vocab, const SamplerKernels& kernels = *RunnableKernels().front());
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  // `logits` has n_vocab entries; one of -infinity is never drawn. Equally probable tokens rank by id, the lowest
  // first. Greedy takes no random number. Any other draw takes one, and one more each time that it met a token
  // outside of what the settings keep. The result depends on the arguments alone, to the last bit on every processor.
  int draw(const float* logits, const SamplerSettings& settings, Random& random);

  // The tokens that draw() can give, by id. For tests: it sorts them all.
  std::vector<int> kept(const float* logits, const SamplerSettings& settings);

  // exp((logit - greatest) / temperature) of each token, with a relative error below
  // 2e-7 * (1 + |logit - greatest| / temperature). For tests.
  std::vector<float> weights(const float* logits, float temperature);

 private:
  bool Look(const float* logits);
  void KeepTopK(int k);
  void Weigh(float temperature);
  bool Admits(int place, const SamplerSettings& settings);
  void SumBefore(int place, int from, int to);
  int FindPlace(double target, const std::vector<double>& sums, int limit) const;
  bool Precedes(int place, int other) const;
  int TopPlace() const;

  const int n_vocab_;
  const SamplerKernels& kernels_;

  // The candidates: the whole vocabulary, or what top-k left. A candidate's place is its index here; places are in
  // the order of ids. Padded with -infinity to whole blocks.
  const float* logits_ = nullptr;
  int blocks_ = 0;
  float peak_ = 0;        // the greatest logit
  int top_ = 0;           // its first place
  std::vector<int> ids_;  // of each place; empty: place and id are the same
  double total_ = 0;      // of all weights
  double before_ = 0;     // of those that rank before the place that was refused last

  struct alignas(64) Block {
    float numbers[kBlock];
  };
  std::vector<Block> copy_blocks_, weight_blocks_;
  float* const copy_;                // candidates that are not the caller's array
  float* const weights_;             // by place
  std::vector<float> peaks_;         // by block
  std::vector<double> sums_;         // weights by block
  std::vector<double> before_sums_;  // the same of those tokens that rank before one place
};

}  // namespace coderm
