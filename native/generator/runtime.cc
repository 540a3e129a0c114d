#include "runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

namespace coderm {
namespace {

constexpr double kMiB = 1024.0 * 1024.0;

std::string Because(const std::string& what) {
  std::string errors = TakeErrors();
  return errors.empty() ? what : what + ": " + errors;
}

std::string MiB(double bytes) { return std::to_string(static_cast<long long>(bytes / kMiB) + 1) + " MiB"; }

// Memory that the system can give without taking it from others, bytes; 0 where it does not say.
double AvailableMemory() {
  double kib = 0;
  if (FILE* file = fopen("/proc/meminfo", "r")) {
    char line[256];
    while (fgets(line, sizeof line, file)) {
      if (strncmp(line, "MemAvailable:", 13) == 0) kib = atof(line + 13);
    }
    fclose(file);
  }
  return kib * 1024;
}

// ggml's functions of its thread pool are not in the library that libllama loads but in the backend for this CPU.
template <typename Function>
Function CpuFunction(const LlamaLibrary& llama, const char* name) {
  ggml_backend_dev_t cpu = llama.ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
  if (cpu == nullptr) return nullptr;
  return reinterpret_cast<Function>(
      llama.ggml_backend_reg_get_proc_address(llama.ggml_backend_dev_backend_reg(cpu), name));
}

}  // namespace

Runtime::Runtime(const RuntimeSettings& settings)
    : settings_(settings),
      llama_(LlamaLibrary::Open(settings.library_folder, settings.fallback_folder, settings.gpu)) {
  if (settings.gpu && !llama_.HasGpu()) throw std::runtime_error(Because("llama.cpp's library finds no GPU"));
  llama_model_params params = llama_.llama_model_default_params();
  params.n_gpu_layers = settings.gpu ? settings.gpu_layers : 0;
  ggml_backend_dev_t no_device = nullptr;
  if (!settings.gpu) params.devices = &no_device;
  model_ = llama_.llama_model_load_from_file(settings.model.c_str(), params);
  if (model_ == nullptr) {
    std::string reason = Because("llama.cpp does not load " + settings.model);
    if (SpeaksOfMemory(reason)) throw OutOfMemory(reason);
    throw std::runtime_error(reason);
  }
  vocab_ = llama_.llama_model_get_vocab(model_);
}

Runtime::~Runtime() {
  CloseContext();
  if (model_ != nullptr) llama_.llama_model_free(model_);
}

void Runtime::OpenContext(const ContextShape& shape, ggml_abort_callback abort, void* abort_data) {
  CloseContext();
  CheckMemory(shape);
  llama_context_params params = llama_.llama_context_default_params();
  params.n_ctx = shape.cells;
  params.n_batch = shape.batch;
  params.n_ubatch = shape.batch;
  params.n_seq_max = static_cast<uint32_t>(shape.sequences);
  params.n_outputs_max = params.n_seq_max;  // room for logits of a whole batch would be hundreds of MiB
  params.n_threads = settings_.threads;
  params.n_threads_batch = settings_.threads;
  params.pooling_type = LLAMA_POOLING_TYPE_NONE;
  params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_AUTO;
  params.kv_unified = shape.unified;
  params.no_perf = true;
  params.abort_callback = abort;
  params.abort_callback_data = abort_data;
  if (shape.hidden) {
    params.cb_eval = OnTensor;
    params.cb_eval_user_data = this;
  }
  context_ = llama_.llama_init_from_model(model_, params);
  if (context_ == nullptr)
    throw OutOfMemory(Because("llama.cpp cannot open a context of " + std::to_string(shape.cells) + " tokens"));
  OpenThreadpool();
}

void Runtime::CloseContext() {
  if (context_ == nullptr) return;
  llama_.llama_detach_threadpool(context_);
  llama_.llama_free(context_);
  context_ = nullptr;
  CloseThreadpool();
}

// llama.cpp's own way to hidden states gives those, and the logits, of every token of the step, which costs memory and
// goes through other kernels. Here the step computes what it does anyway, and one row of it is copied.
bool Runtime::OnTensor(ggml_tensor* tensor, bool ask, void* self) {
  auto* runtime = static_cast<Runtime*>(self);
  if (!runtime->want_hidden_ || strcmp(tensor->name, "result_norm") != 0) return false;
  if (ask) return true;
  runtime->hidden_.resize(static_cast<size_t>(tensor->ne[0]));
  size_t last = static_cast<size_t>(tensor->ne[1] - 1) * tensor->nb[1];
  runtime->llama_.ggml_backend_tensor_get(tensor, runtime->hidden_.data(), last, runtime->hidden_.size() * sizeof(float));
  return true;  // go on
}

std::vector<float> Runtime::TakeHidden() {
  want_hidden_ = false;
  if (hidden_.empty()) throw std::runtime_error("llama.cpp's graph of this model has no result_norm, the hidden state");
  return std::move(hidden_);
}

std::string Runtime::Piece(llama_token token) const {
  std::string piece(32, 0);
  int count = llama_.llama_token_to_piece(vocab_, token, piece.data(), static_cast<int>(piece.size()), 0, false);
  if (count < 0) {  // how many bytes it needs
    piece.resize(static_cast<size_t>(-count));
    count = llama_.llama_token_to_piece(vocab_, token, piece.data(), static_cast<int>(piece.size()), 0, false);
  }
  piece.resize(static_cast<size_t>(count > 0 ? count : 0));
  return piece;
}

// On the CPU an allocation that is too large succeeds, and the process is ended when it fills the memory.
void Runtime::CheckMemory(const ContextShape& shape) const {
  if (settings_.gpu) return;
  double head = static_cast<double>(llama_.llama_model_n_embd(model_)) / llama_.llama_model_n_head(model_);
  double keys_and_values = 2 * sizeof(uint16_t) * head * llama_.llama_model_n_head_kv(model_);
  double need = keys_and_values * llama_.llama_model_n_layer(model_) * shape.cells;
  double available = AvailableMemory();
  if (available > 0 && need > available)
    throw OutOfMemory("a KV cache of " + std::to_string(shape.cells) + " tokens needs " + MiB(need) +
                      " of memory, and " + MiB(available) + " is free");
}

// Threads of our own choosing, which wait between two steps instead of spinning: the cores are for sampling then.
void Runtime::OpenThreadpool() {
  auto make = CpuFunction<decltype(&ggml_threadpool_new)>(llama_, "ggml_threadpool_new");
  if (make == nullptr || settings_.threads < 2) return;
  ggml_threadpool_params params = llama_.ggml_threadpool_params_default(settings_.threads);
  params.poll = 0;
  threadpool_ = make(&params);
  if (threadpool_ != nullptr) llama_.llama_attach_threadpool(context_, threadpool_, threadpool_);
}

void Runtime::CloseThreadpool() {
  if (threadpool_ == nullptr) return;
  auto free = CpuFunction<decltype(&ggml_threadpool_free)>(llama_, "ggml_threadpool_free");
  if (free != nullptr) free(threadpool_);
  threadpool_ = nullptr;
}

}  // namespace coderm
