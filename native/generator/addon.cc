// The generator's addon: what it exports, a file each.

#include <napi.h>

#include "devices_binding.h"
#include "loop_binding.h"
#include "sampling_binding.h"

namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  coderm::RegisterDevices(env, exports);
  coderm::RegisterLoop(env, exports);
  coderm::RegisterSampling(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(coderm_generator, Init)
