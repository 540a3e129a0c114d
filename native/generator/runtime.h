// One loaded model and its context, with everything of llama.cpp that they need, closed in the right order.

#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "llama_library.h"

namespace coderm {

struct RuntimeSettings {
  std::string library_folder;
  std::string fallback_folder;  // more backends, for where the folder's own find no GPU; "" for none
  std::string model;            // path of a GGUF file
  bool gpu = false;
  int gpu_layers = -1;  // -1: all
  int threads = 1;      // that decode
};

struct ContextShape {
  int sequences = 0;
  uint32_t cells = 0;  // tokens that the KV cache holds, over all sequences
  // One pool of cells that sequences share; else each sequence has its own, of cells / sequences.
  bool unified = true;
  bool hidden = false;  // TakeHidden() may be asked for
  uint32_t batch = 0;  // tokens of one decode step, at most; logits are wanted of no more than one a sequence
};

// The memory that something needs is not there: a smaller request may succeed.
class OutOfMemory : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Runtime {
 public:
  // Throws std::runtime_error, or OutOfMemory, with one sentence.
  explicit Runtime(const RuntimeSettings& settings);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  // Replaces the context. Throws OutOfMemory.
  void OpenContext(const ContextShape& shape, ggml_abort_callback abort, void* abort_data);
  void CloseContext();

  // Keeps the hidden state of the next decode step's last output, and gives it: (n_embd), after the final norm.
  void WantHidden() { want_hidden_ = true; }
  std::vector<float> TakeHidden();

  const LlamaLibrary& llama() const { return llama_; }
  llama_context* context() const { return context_; }
  llama_memory_t memory() const { return llama_.llama_get_memory(context_); }
  const llama_vocab* vocab() const { return vocab_; }
  int n_vocab() const { return llama_.llama_vocab_n_tokens(vocab_); }
  std::string Piece(llama_token token) const;  // its bytes as they are in a text; none for a control token

 private:
  static bool OnTensor(ggml_tensor* tensor, bool ask, void* self);
  void CheckMemory(const ContextShape& shape) const;
  void OpenThreadpool();
  void CloseThreadpool();

  RuntimeSettings settings_;
  LlamaLibrary llama_;
  llama_model* model_ = nullptr;
  const llama_vocab* vocab_ = nullptr;
  llama_context* context_ = nullptr;
  ggml_threadpool_t threadpool_ = nullptr;
  bool want_hidden_ = false;
  std::vector<float> hidden_;
};

}  // namespace coderm
