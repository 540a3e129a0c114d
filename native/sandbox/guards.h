// Which walls stand. In the product all of them, always: On() is a constant and the switch does not exist.
// The test build (CODERM_TEST_GUARDS) can leave one out, to show that an attack which the wall stops
// really works without it.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace coderm {

class Guards {
 public:
#ifdef CODERM_TEST_GUARDS
  explicit Guards(std::vector<std::string> off) : off_(std::move(off)) {}
  bool On(const char* guard) const { return std::find(off_.begin(), off_.end(), guard) == off_.end(); }

 private:
  std::vector<std::string> off_;
#else
  explicit Guards(const std::vector<std::string>&) {}
  constexpr bool On(const char*) const { return true; }
#endif
};

}  // namespace coderm
