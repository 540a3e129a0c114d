// llama.cpp's own library, opened at run time out of the folder that node-llama-cpp ships for a backend. Nothing is
// linked: one addon serves every backend, and another release of node-llama-cpp needs only its own headers.

#pragma once

#include <string>

#include "ggml-backend.h"
#include "ggml-cpu.h"
#include "llama.h"

namespace coderm {

// Every function that the generator calls. A row is a member of LlamaLibrary, of the type that the header gives it.
#define CODERM_LLAMA_FUNCTIONS(ROW)  \
  ROW(ggml_backend_dev_backend_reg)         \
  ROW(ggml_backend_dev_by_type)             \
  ROW(ggml_backend_dev_count)               \
  ROW(ggml_backend_dev_description)         \
  ROW(ggml_backend_dev_get)                 \
  ROW(ggml_backend_dev_memory)              \
  ROW(ggml_backend_dev_type)                \
  ROW(ggml_backend_load_all_from_path)      \
  ROW(ggml_backend_reg_get_proc_address)    \
  ROW(ggml_backend_tensor_get)              \
  ROW(ggml_set_abort_callback)              \
  ROW(ggml_threadpool_params_default)       \
  ROW(llama_attach_threadpool)              \
  ROW(llama_backend_init)                   \
  ROW(llama_context_default_params)         \
  ROW(llama_decode)                         \
  ROW(llama_detach_threadpool)              \
  ROW(llama_free)                           \
  ROW(llama_get_logits_ith)                 \
  ROW(llama_get_memory)                     \
  ROW(llama_init_from_model)                \
  ROW(llama_log_set)                        \
  ROW(llama_memory_clear)                   \
  ROW(llama_memory_seq_cp)                  \
  ROW(llama_memory_seq_rm)                  \
  ROW(llama_model_default_params)           \
  ROW(llama_model_free)                     \
  ROW(llama_model_get_vocab)                \
  ROW(llama_model_load_from_file)           \
  ROW(llama_model_n_embd)                   \
  ROW(llama_model_n_head)                   \
  ROW(llama_model_n_head_kv)                \
  ROW(llama_model_n_layer)                  \
  ROW(llama_n_ctx)                          \
  ROW(llama_n_ctx_seq)                      \
  ROW(llama_synchronize)                    \
  ROW(llama_token_to_piece)                 \
  ROW(llama_vocab_is_eog)                   \
  ROW(llama_vocab_n_tokens)

struct LlamaLibrary {
#define CODERM_MEMBER(name) decltype(&::name) name = nullptr;
  CODERM_LLAMA_FUNCTIONS(CODERM_MEMBER)
#undef CODERM_MEMBER

  // Opens libllama in `folder`, finds every function and loads the backends (CPU kernels, GPU) that lie there; those
  // in `fallback` ("" for none) where the folder's own find no GPU although `gpu`. Once a process: throws
  // std::runtime_error with one sentence. What llama.cpp prints is kept by log.h.
  static LlamaLibrary Open(const std::string& folder, const std::string& fallback, bool gpu);

  bool HasGpu() const {
    return ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_GPU) != nullptr ||
           ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_IGPU) != nullptr;
  }
};

}  // namespace coderm
