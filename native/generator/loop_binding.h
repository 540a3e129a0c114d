// The border between Node and the loop: one `NativeLoop` object is one loop with its thread and its model. Prompts
// and samples go in, events come out through a callback, each once; no call waits for llama.cpp.

#pragma once

#include <napi.h>

namespace coderm {

void RegisterLoop(Napi::Env env, Napi::Object exports);

}  // namespace coderm
