#pragma once

#include <napi.h>

namespace coderm {

// exports.listDevices: what llama.cpp's library for a backend finds to run on.
void RegisterDevices(Napi::Env env, Napi::Object exports);

}  // namespace coderm
