// What llama.cpp prints, kept instead of shown: the last errors are the reason in our own sentence.

#pragma once

#include <string>

#include "ggml.h"

namespace coderm {

// A ggml_log_callback.
void KeepLog(ggml_log_level level, const char* text, void*);

// The errors since the last call, in one line, the newest last; "" for none.
std::string TakeErrors();

}  // namespace coderm
