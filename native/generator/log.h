// What llama.cpp prints, kept instead of shown: the last errors are the reason in our own sentence.

#pragma once

#include <string>

#include "ggml.h"

namespace coderm {

// A ggml_log_callback.
void KeepLog(ggml_log_level level, const char* text, void*);

// The errors since the last call, in one line, the newest last; "" for none.
std::string TakeErrors();

// The lines in which a backend names its devices when it is loaded (Vulkan: with the driver), one after another.
std::string TakeDeviceLines();

// Whether an error, in llama.cpp's words or those of a GPU's driver, is for lack of memory.
bool SpeaksOfMemory(const std::string& text);

// ggml_abort_callback_t: what llama.cpp says before it aborts (CUDA's way when memory is full) goes to standard error,
// with the errors before it, since the process that started this one reads that, and no backtrace after it.
void SayAbort(const char* message);

}  // namespace coderm
