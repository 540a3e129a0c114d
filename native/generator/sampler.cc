// Theory of operation. A nucleus of 120,000 tokens need not be known to draw from it. A token is drawn from all
// candidates, by its weight, and looked at: it is in the nucleus when the tokens that rank before it have less than
// top-p of the whole mass, which at most one pass of sums tells without sorting. If it is not, neither is any token that
// ranks after it, and the next draw is among those before it, whose sums that pass has just made. What comes out has
// exactly the renormalised probabilities: each draw is one from the nucleus unless it falls outside. With top-p 0.95
// it takes 1.05 draws; with the smallest top-p about as many as the logarithm of the vocabulary. min-p is one more
// condition of the same kind. Top-k alone needs a selection, which the greatest logit of each block makes short.

#include "sampler.h"

#include <float.h>
#include <math.h>

#include <algorithm>
#include <functional>
#include <numeric>

namespace coderm {
namespace {

// Blocks that are added up before it is asked whether that is enough.
constexpr int kBlocksAtOnce = 32;

// More than what sums of weights lose by rounding, as a share of all.
constexpr double kRounding = 1e-5;

int BlocksOf(int count) { return (count + kBlock - 1) / kBlock; }

}  // namespace

Sampler::Sampler(int n_vocab, const SamplerKernels& kernels)
    : n_vocab_(n_vocab),
      kernels_(kernels),
      copy_blocks_(BlocksOf(n_vocab)),
      weight_blocks_(copy_blocks_.size()),
      copy_(reinterpret_cast<float*>(copy_blocks_.data())),
      weights_(reinterpret_cast<float*>(weight_blocks_.data())),
      peaks_(BlocksOf(n_vocab)),
      sums_(peaks_.size()),
      before_sums_(peaks_.size()) {}

int Sampler::draw(const float* logits, const SamplerSettings& settings, Random& random) {
  if (!Look(logits)) return kNoToken;
  if (!(settings.temperature > 0)) return top_;
  KeepTopK(settings.top_k);
  Weigh(settings.temperature);
  int place = FindPlace(random.uniform() * total_, sums_, -1);
  while (!Admits(place, settings)) {
    place = FindPlace(random.uniform() * before_, before_sums_, place);
  }
  return ids_.empty() ? place : ids_[place];
}

std::vector<int> Sampler::kept(const float* logits, const SamplerSettings& settings) {
  if (!Look(logits)) return {};
  if (!(settings.temperature > 0)) return {top_};
  KeepTopK(settings.top_k);
  Weigh(settings.temperature);
  std::vector<int> places;
  for (int place = 0; place < blocks_ * kBlock; ++place) {
    if (weights_[place] > 0) places.push_back(place);
  }
  std::sort(places.begin(), places.end(), [this](int a, int b) { return Precedes(a, b); });
  auto end = std::partition_point(places.begin(), places.end(),
                                  [&](int place) { return Admits(place, settings); });
  places.erase(end, places.end());
  std::sort(places.begin(), places.end());
  if (!ids_.empty()) {
    for (int& place : places) place = ids_[place];
  }
  return places;
}

std::vector<float> Sampler::weights(const float* logits, float temperature) {
  if (!Look(logits)) return {};
  Weigh(temperature);
  return {weights_, weights_ + n_vocab_};
}

// Takes the whole vocabulary as candidates. False where no token can be drawn.
bool Sampler::Look(const float* logits) {
  ids_.clear();
  blocks_ = BlocksOf(n_vocab_);
  logits_ = logits;
  if (n_vocab_ % kBlock != 0) {
    std::copy_n(logits, n_vocab_, copy_);
    std::fill(copy_ + n_vocab_, copy_ + blocks_ * kBlock, -INFINITY);
    logits_ = copy_;
  }
  kernels_.find_peaks(logits_, blocks_, peaks_.data());
  peak_ = -INFINITY;
  for (float peak : peaks_) {
    if (isnan(peak)) return false;
    peak_ = std::max(peak_, peak);
  }
  if (isinf(peak_)) return false;
  top_ = TopPlace();
  return true;
}

int Sampler::TopPlace() const {
  long block = std::find(peaks_.begin(), peaks_.end(), peak_) - peaks_.begin();
  return std::find(logits_ + block * kBlock, logits_ + blocks_ * kBlock, peak_) - logits_;
}

// Leaves the k candidates that rank first. The k-th greatest peak is a bound: k logits are not below it, so those that
// are below it can be passed over, and with them almost every block.
void Sampler::KeepTopK(int k) {
  if (k <= 0 || k >= n_vocab_) return;
  float bound = -FLT_MAX;
  if (k <= blocks_) {
    std::vector<float> peaks = peaks_;
    std::nth_element(peaks.begin(), peaks.begin() + (k - 1), peaks.end(), std::greater<float>());
    bound = std::max(bound, peaks[k - 1]);
  }
  for (int block = 0; block < blocks_; ++block) {
    if (peaks_[block] < bound) continue;
    for (int id = block * kBlock; id < (block + 1) * kBlock; ++id) {
      if (logits_[id] >= bound) ids_.push_back(id);
    }
  }
  if (static_cast<int>(ids_.size()) > k) {
    std::nth_element(ids_.begin(), ids_.begin() + k, ids_.end(), [this](int a, int b) { return Precedes(a, b); });
    ids_.resize(k);
    std::sort(ids_.begin(), ids_.end());
  }
  // Ids rise, and none is below its place, so this is right also where the logits are already in copy_.
  for (size_t place = 0; place < ids_.size(); ++place) copy_[place] = logits_[ids_[place]];
  blocks_ = BlocksOf(static_cast<int>(ids_.size()));
  std::fill(copy_ + ids_.size(), copy_ + blocks_ * kBlock, -INFINITY);
  logits_ = copy_;
  kernels_.find_peaks(logits_, blocks_, peaks_.data());
  top_ = TopPlace();
}

void Sampler::Weigh(float temperature) {
  constexpr double kLog2OfE = 1.4426950408889634;
  float scale = static_cast<float>(std::min<double>(kLog2OfE / temperature, FLT_MAX));
  kernels_.weigh(logits_, blocks_, peak_, scale, weights_, sums_.data());
  total_ = std::accumulate(sums_.begin(), sums_.begin() + blocks_, 0.0);
}

// Whether the settings keep this place. Where they do not, before_sums_ and before_ are of those that rank before it.
// Most tokens that are drawn rank well within the nucleus: as soon as what does not rank before them has more than the
// mass that top-p leaves out, the rest need not be looked at.
bool Sampler::Admits(int place, const SamplerSettings& settings) {
  if (place == top_) return true;
  bool probable = weights_[place] >= settings.min_p;
  if (probable && settings.top_p >= 1) return true;
  double enough = (1.0 - settings.top_p + kRounding) * total_;
  double others = 0;
  before_ = 0;
  for (int from = 0; from < blocks_; from += kBlocksAtOnce) {
    int to = std::min(from + kBlocksAtOnce, blocks_);
    SumBefore(place, from, to);
    for (int block = from; block < to; ++block) {
      before_ += before_sums_[block];
      others += sums_[block] - before_sums_[block];
    }
    if (probable && others > enough) return true;
  }
  return probable && before_ < settings.top_p * total_;
}

// Adds up, for each of some blocks, the weights that rank before a place: greater logits, and equal ones before it.
void Sampler::SumBefore(int place, int from, int to) {
  float cut = logits_[place];
  int own = place / kBlock;
  int below = std::min(std::max(own, from), to);  // blocks before it are wholly before the place
  int above = std::min(std::max(own + 1, from), to);
  double* sums = before_sums_.data();
  auto at = [](const float* numbers, int block) { return numbers + block * kBlock; };
  kernels_.sum_from(at(logits_, from), at(weights_, from), peaks_.data() + from, below - from, cut, sums + from);
  kernels_.sum_above(at(logits_, above), at(weights_, above), peaks_.data() + above, to - above, cut, sums + above);
  for (int block = below; block < above; ++block) {
    sums[block] = 0;
    for (int i = block * kBlock; i < (block + 1) * kBlock; ++i) {
      if (Precedes(i, place)) sums[block] += weights_[i];
    }
  }
}

// The place where the weights, added up in the order of places, pass `target`; with a limit (-1: none) only the
// weights that rank before it count. `sums` are those weights by block. Where rounding leaves a little at the end of a
// block, the last place that counts takes it.
int Sampler::FindPlace(double target, const std::vector<double>& sums, int limit) const {
  double passed = 0, start = 0;
  int block = 0;
  for (int b = 0; b < blocks_ && passed <= target; ++b) {
    if (sums[b] == 0) continue;
    block = b;
    start = passed;
    passed += sums[b];
  }
  passed = start;
  int last = -1;
  for (int place = block * kBlock; place < (block + 1) * kBlock; ++place) {
    if (weights_[place] == 0 || (limit >= 0 && !Precedes(place, limit))) continue;
    last = place;
    passed += weights_[place];
    if (target < passed) break;
  }
  return last;
}

bool Sampler::Precedes(int place, int other) const {
  return logits_[place] > logits_[other] || (logits_[place] == logits_[other] && place < other);
}

}  // namespace coderm
