#include "sampling_binding.h"

#include <string>
#include <vector>

#include "sampler.h"

namespace coderm {
namespace {

SamplerSettings SettingsOf(const Napi::Object& object) {
  SamplerSettings settings;
  settings.temperature = object.Get("temperature").As<Napi::Number>();
  settings.top_p = object.Get("topP").As<Napi::Number>();
  settings.top_k = object.Get("topK").As<Napi::Number>();
  settings.min_p = object.Get("minP").As<Napi::Number>();
  return settings;
}

// The kernels of this name; the fastest where none is named.
const SamplerKernels& KernelsOf(const Napi::CallbackInfo& info, size_t argument) {
  const auto& runnable = RunnableKernels();
  if (info[argument].IsUndefined()) return *runnable.front();
  std::string name = info[argument].As<Napi::String>();
  for (const SamplerKernels* kernels : runnable) {
    if (name == kernels->name) return *kernels;
  }
  throw Napi::RangeError::New(info.Env(), "expected kernels that this processor can run, but got '" + name +
                                              "'; samplerKernels lists them");
}

Napi::Float32Array LogitsOf(const Napi::CallbackInfo& info) {
  Napi::Float32Array logits = info[0].As<Napi::Float32Array>();
  if (logits.ElementLength() == 0) {
    throw Napi::RangeError::New(info.Env(), "expected a logit for each token, but got none");
  }
  return logits;
}

template <typename Array, typename Number>
Array ArrayOf(Napi::Env env, const std::vector<Number>& numbers) {
  Array array = Array::New(env, numbers.size());
  for (size_t i = 0; i < numbers.size(); ++i) array[i] = numbers[i];
  return array;
}

// drawTokens(logits: Float32Array, settings: object, seed: bigint, count: number, kernels?: string): Int32Array
Napi::Value DrawTokens(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Napi::Float32Array logits = LogitsOf(info);
  SamplerSettings settings = SettingsOf(info[1].As<Napi::Object>());
  bool lossless = true;
  Random random(info[2].As<Napi::BigInt>().Uint64Value(&lossless));
  std::vector<int> tokens(info[3].As<Napi::Number>().Uint32Value());
  Sampler sampler(static_cast<int>(logits.ElementLength()), KernelsOf(info, 4));
  for (int& token : tokens) {
    token = sampler.draw(logits.Data(), settings, random);
    if (token == kNoToken) {
      throw Napi::RangeError::New(
          env, "expected logits with a finite one and without NaN or +infinity, but got others");
    }
  }
  return ArrayOf<Napi::Int32Array>(env, tokens);
}

// keptTokens(logits: Float32Array, settings: object, kernels?: string): Int32Array
Napi::Value KeptTokens(const Napi::CallbackInfo& info) {
  Napi::Float32Array logits = LogitsOf(info);
  Sampler sampler(static_cast<int>(logits.ElementLength()), KernelsOf(info, 2));
  SamplerSettings settings = SettingsOf(info[1].As<Napi::Object>());
  return ArrayOf<Napi::Int32Array>(info.Env(), sampler.kept(logits.Data(), settings));
}

// tokenWeights(logits: Float32Array, temperature: number, kernels?: string): Float32Array
Napi::Value TokenWeights(const Napi::CallbackInfo& info) {
  Napi::Float32Array logits = LogitsOf(info);
  Sampler sampler(static_cast<int>(logits.ElementLength()), KernelsOf(info, 2));
  float temperature = info[1].As<Napi::Number>();
  return ArrayOf<Napi::Float32Array>(info.Env(), sampler.weights(logits.Data(), temperature));
}

}  // namespace

void RegisterSampling(Napi::Env env, Napi::Object exports) {
  exports.Set("drawTokens", Napi::Function::New<DrawTokens>(env, "drawTokens"));
  exports.Set("keptTokens", Napi::Function::New<KeptTokens>(env, "keptTokens"));
  exports.Set("tokenWeights", Napi::Function::New<TokenWeights>(env, "tokenWeights"));
  Napi::Array names = Napi::Array::New(env);
  for (const SamplerKernels* kernels : RunnableKernels()) names.Set(names.Length(), kernels->name);
  exports.Set("samplerKernels", names);
}

}  // namespace coderm
