// The tokens of one decode step, in arrays that live as long as the context.

#pragma once

#include <cstdint>
#include <vector>

#include "llama.h"

namespace coderm {

class Batch {
 public:
  explicit Batch(size_t capacity)
      : tokens_(capacity), positions_(capacity), counts_(capacity, 1), sequences_(capacity), sequence_of_(capacity),
        wanted_(capacity) {
    for (size_t i = 0; i < capacity; ++i) sequence_of_[i] = &sequences_[i];
  }

  size_t size() const { return size_; }
  bool IsOf(int at, int sequence) const { return sequences_[static_cast<size_t>(at)] == sequence; }
  void Clear() { size_ = 0; }

  // `wanted`: its logits are read after the step.
  void Add(int32_t token, size_t position, int sequence, bool wanted) {
    tokens_[size_] = token;
    positions_[size_] = static_cast<llama_pos>(position);
    sequences_[size_] = sequence;
    wanted_[size_] = wanted ? 1 : 0;
    ++size_;
  }

  llama_batch View() {
    return {static_cast<int32_t>(size_), tokens_.data(), nullptr, positions_.data(), counts_.data(),
            sequence_of_.data(), wanted_.data()};
  }

 private:
  size_t size_ = 0;
  std::vector<llama_token> tokens_;
  std::vector<llama_pos> positions_;
  std::vector<int32_t> counts_;
  std::vector<llama_seq_id> sequences_;
  std::vector<llama_seq_id*> sequence_of_;
  std::vector<int8_t> wanted_;
};

}  // namespace coderm
