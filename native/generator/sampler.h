#pragma once
#include <vector>
#include "random.h"
namespace coderm {
struct SamplerSettings { float temperature; float top_p; int top_k; float min_p; };
class Sampler {
 public:
  explicit Sampler(int n_vocab) : p_(n_vocab), order_(n_vocab) {}
  int draw(const float* logits, const SamplerSettings& s, Random& random);
 private:
  std::vector<float> p_; std::vector<int> order_;
};
}  // namespace coderm
