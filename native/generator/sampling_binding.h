// The sampler alone, for tests and measurements: the generator draws without crossing into JavaScript.

#pragma once

#include <napi.h>

namespace coderm {

void RegisterSampling(Napi::Env env, Napi::Object exports);

}  // namespace coderm
