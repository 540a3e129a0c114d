#include "log.h"

#include <stdio.h>

#include <deque>
#include <mutex>

namespace coderm {
namespace {

constexpr size_t kLines = 4;

// llama.cpp has one log a process, and logs from any thread.
std::mutex mutex;
std::deque<std::string> errors;
bool in_error = false;
std::string device_lines;

}  // namespace

void KeepLog(ggml_log_level level, const char* text, void*) {
  std::lock_guard<std::mutex> lock(mutex);
  if (level == GGML_LOG_LEVEL_CONT) {
    if (in_error && !errors.empty()) errors.back() += text;
    return;
  }
  std::string line = text;
  if (line.compare(0, 13, "ggml_vulkan: ") == 0 && line.find(" = ") != std::string::npos) device_lines += line;
  in_error = level == GGML_LOG_LEVEL_ERROR;
  if (!in_error) return;
  errors.emplace_back(text);
  if (errors.size() > kLines) errors.pop_front();
}

std::string TakeErrors() {
  std::lock_guard<std::mutex> lock(mutex);
  std::string line;
  for (const std::string& error : errors) {
    if (!line.empty()) line += "; ";
    for (char c : error) {
      if (c != '\n') line += c;
    }
  }
  errors.clear();
  return line;
}

std::string TakeDeviceLines() {
  std::lock_guard<std::mutex> lock(mutex);
  return std::move(device_lines);
}

bool SpeaksOfMemory(const std::string& text) {
  for (const char* word : {"alloc", "out of memory", "OutOfDeviceMemory", "OutOfHostMemory"}) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

void SayAbort(const char* message) { fprintf(stderr, "%s; %s\n", TakeErrors().c_str(), message); }

}  // namespace coderm
