#include "sampler.h"
#include <algorithm>
#include <cmath>
#include <numeric>
namespace coderm {
// Placeholder.
int Sampler::draw(const float* l, const SamplerSettings& s, Random& random) {
  int n = p_.size(); int best = std::max_element(l, l + n) - l;
  if (s.temperature <= 0) return best;
  float total = 0; std::iota(order_.begin(), order_.end(), 0);
  for (int i = 0; i < n; i++) total += p_[i] = std::exp((l[i] - l[best]) / s.temperature);
  int k = s.top_k > 0 ? std::min(s.top_k, n) : std::min(n, 1000);
  std::partial_sort(order_.begin(), order_.begin() + k, order_.end(), [&](int a, int b) { return p_[a] > p_[b] || (p_[a] == p_[b] && a < b); });
  float mass = 0; int m = 0;
  for (; m < k; m++) { if (m && p_[order_[m]] < s.min_p) break; mass += p_[order_[m]]; if (mass >= s.top_p * total) { m++; break; } }
  float u = random.uniform() * mass;
  for (int i = 0; i < m; i++) { u -= p_[order_[i]]; if (u < 0) return order_[i]; }
  return order_[m - 1];
}
}  // namespace coderm
