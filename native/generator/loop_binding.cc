#include "loop_binding.h"

#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <signal.h>

#include <memory>
#include <string>
#include <vector>

#include "loop.h"
#include "release.h"

namespace coderm {
namespace {

std::string TextOf(const Napi::Object& object, const char* name) { return object.Get(name).As<Napi::String>(); }
double NumberOf(const Napi::Object& object, const char* name) {
  return object.Get(name).As<Napi::Number>().DoubleValue();
}
int IntOf(const Napi::Object& object, const char* name) { return object.Get(name).As<Napi::Number>().Int32Value(); }
uint64_t IdOf(const Napi::Object& object, const char* name) { return static_cast<uint64_t>(NumberOf(object, name)); }
bool FlagOf(const Napi::Object& object, const char* name) { return object.Get(name).As<Napi::Boolean>(); }

std::vector<int32_t> IntsOf(const Napi::Value& value) {
  Napi::Int32Array array = value.As<Napi::Int32Array>();
  return std::vector<int32_t>(array.Data(), array.Data() + array.ElementLength());
}

LoopSettings SettingsOf(const Napi::Object& object) {
  LoopSettings settings;
  settings.runtime.library_folder = TextOf(object, "libraryFolder");
  settings.runtime.fallback_folder = TextOf(object, "fallbackFolder");
  settings.runtime.model = TextOf(object, "model");
  settings.runtime.gpu = FlagOf(object, "gpu");
  settings.runtime.gpu_layers = IntOf(object, "gpuLayers");
  settings.runtime.threads = IntOf(object, "threads");
  settings.lanes = IntsOf(object.Get("lanes"));
  settings.max_context = static_cast<uint32_t>(NumberOf(object, "contextTokens"));
  settings.unified = FlagOf(object, "unified");
  settings.mixed = FlagOf(object, "mixed");
  settings.width = IntOf(object, "width");
  settings.least_rows = IntOf(object, "leastRows");
  settings.row_multiple = IntOf(object, "rowMultiple");
  return settings;
}

PromptJob PromptOf(const Napi::Object& object) {
  PromptJob job;
  job.id = IdOf(object, "id");
  job.tokens = IntsOf(object.Get("tokens"));
  job.sampler.temperature = static_cast<float>(NumberOf(object, "temperature"));
  job.sampler.top_p = static_cast<float>(NumberOf(object, "topP"));
  job.sampler.top_k = IntOf(object, "topK");
  job.sampler.min_p = static_cast<float>(NumberOf(object, "minP"));
  std::vector<std::string> stop;
  Napi::Array texts = object.Get("stop").As<Napi::Array>();
  for (uint32_t i = 0; i < texts.Length(); ++i) stop.push_back(Napi::Value(texts[i]).As<Napi::String>());
  job.stop = StopTexts(std::move(stop));
  job.max_tokens = IntOf(object, "maxTokens");
  job.want_hidden = FlagOf(object, "wantHidden");
  job.ignore_end = FlagOf(object, "ignoreEnd");
  return job;
}

Napi::Object ToObject(Napi::Env env, const Event& event) {
  Napi::Object object = Napi::Object::New(env);
  switch (event.kind) {
    case EventKind::kReady:
      object.Set("kind", "ready");
      return object;
    case EventKind::kLanes:
      object.Set("kind", "lanes");
      object.Set("lanes", event.lanes);
      object.Set("reason", event.reason);
      return object;
    case EventKind::kHidden: {
      object.Set("kind", "hidden");
      object.Set("id", static_cast<double>(event.id));
      Napi::Float32Array hidden = Napi::Float32Array::New(env, event.hidden.size());
      std::copy(event.hidden.begin(), event.hidden.end(), hidden.Data());
      object.Set("hidden", hidden);
      return object;
    }
    case EventKind::kSample: {
      object.Set("kind", "sample");
      object.Set("id", static_cast<double>(event.id));
      Napi::Int32Array tokens = Napi::Int32Array::New(env, event.tokens.size());
      std::copy(event.tokens.begin(), event.tokens.end(), tokens.Data());
      object.Set("tokens", tokens);
      object.Set("stopped", event.stopped);
      return object;
    }
    case EventKind::kFailed:
      object.Set("kind", "failed");
      object.Set("reason", event.reason);
      object.Set("memory", event.memory);
      return object;
  }
  return object;
}

class NativeLoop : public Napi::ObjectWrap<NativeLoop> {
 public:
  static void Register(Napi::Env env, Napi::Object exports) {
    exports.Set("NativeLoop", DefineClass(env, "NativeLoop",
                                          {InstanceMethod("prompt", &NativeLoop::Prompt),
                                           InstanceMethod("sample", &NativeLoop::Sample),
                                           InstanceMethod("finish", &NativeLoop::Finish),
                                           InstanceMethod("cancel", &NativeLoop::Cancel),
                                           InstanceMethod("stats", &NativeLoop::GetStats),
                                           InstanceMethod("close", &NativeLoop::Close)}));
  }

  // new NativeLoop(settings: object, onEvent: (event) => void)
  explicit NativeLoop(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NativeLoop>(info) {
    LoopSettings settings = SettingsOf(info[0].As<Napi::Object>());
    events_ = Napi::ThreadSafeFunction::New(info.Env(), info[1].As<Napi::Function>(), "coderm generator", 0, 1);
    Napi::ThreadSafeFunction events = events_;
    loop_ = std::make_unique<Loop>(settings, [events](Event event) {
      auto* owned = new Event(std::move(event));
      if (events.BlockingCall(owned, Deliver) != napi_ok) delete owned;
    });
  }

  ~NativeLoop() override { Stop(); }

 private:
  static void Deliver(Napi::Env env, Napi::Function callback, Event* event) {
    std::unique_ptr<Event> owned(event);
    if (env != nullptr) callback.Call({ToObject(env, *owned)});
  }

  void Prompt(const Napi::CallbackInfo& info) {
    if (loop_) loop_->Add(PromptOf(info[0].As<Napi::Object>()));
  }

  void Sample(const Napi::CallbackInfo& info) {
    Napi::Object object = info[0].As<Napi::Object>();
    if (loop_) loop_->Add(SampleJob{IdOf(object, "prompt"), IdOf(object, "id"), IdOf(object, "seed")});
  }

  void Finish(const Napi::CallbackInfo& info) {
    if (loop_) loop_->Finish(static_cast<uint64_t>(info[0].As<Napi::Number>().DoubleValue()));
  }

  void Cancel(const Napi::CallbackInfo&) {
    if (loop_) loop_->Cancel();
  }

  Napi::Value GetStats(const Napi::CallbackInfo& info) {
    Stats stats = loop_ ? loop_->stats() : Stats{};
    Napi::Object object = Napi::Object::New(info.Env());
    object.Set("prefillTokens", static_cast<double>(stats.prefill_tokens));
    object.Set("prefillSeconds", stats.prefill_seconds);
    object.Set("decodeTokens", static_cast<double>(stats.decode_tokens));
    object.Set("decodeSeconds", stats.decode_seconds);
    object.Set("decodeSteps", static_cast<double>(stats.steps));
    object.Set("samplingSeconds", stats.sampling_seconds);
    object.Set("firstTokenSeconds", stats.first_token_seconds);
    object.Set("lanes", stats.lanes);
    object.Set("cells", stats.cells);
    object.Set("mostCells", stats.most_cells);
    return object;
  }

  void Close(const Napi::CallbackInfo&) { Stop(); }

  void Stop() {
    if (!loop_) return;
    loop_.reset();
    events_.Release();
  }

  Napi::ThreadSafeFunction events_;
  std::unique_ptr<Loop> loop_;
};

// The process ends with the one that started it, however that ends.
void EndWithParent(const Napi::CallbackInfo&) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

}  // namespace

void RegisterLoop(Napi::Env env, Napi::Object exports) {
  NativeLoop::Register(env, exports);
  exports.Set("release", CODERM_LLAMA_RELEASE);
  exports.Set("endWithParent", Napi::Function::New(env, EndWithParent));
}

}  // namespace coderm
