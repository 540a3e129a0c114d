// Whether a sample has just written one of the texts that end it. Works on the bytes of the tokens' pieces, since a
// text may begin and end inside a token.

#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace coderm {

class StopTexts {
 public:
  explicit StopTexts(std::vector<std::string> texts) : texts_(std::move(texts)) {
    for (const std::string& text : texts_) longest_ = std::max(longest_, text.size());
  }

  bool empty() const { return longest_ == 0; }

  // Takes the next piece; `tail` is what the sample keeps between calls, "" at its start.
  bool EndsWith(const std::string& piece, std::string* tail) const {
    *tail += piece;
    for (const std::string& text : texts_) {
      if (!text.empty() && tail->find(text) != std::string::npos) return true;
    }
    if (tail->size() >= longest_) tail->erase(0, tail->size() - (longest_ - 1));
    return false;
  }

 private:
  std::vector<std::string> texts_;
  size_t longest_ = 0;  // bytes
};

}  // namespace coderm
