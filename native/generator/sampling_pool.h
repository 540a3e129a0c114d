// Draws the next token of all lanes at one time, on as many threads as decode: those of llama.cpp idle meanwhile.

#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "random.h"
#include "sampler.h"

namespace coderm {

// One token to draw. Everything that it points to is the caller's, and lives until DrawAll returns.
struct Draw {
  const float* logits;  // (n_vocab)
  const SamplerSettings* settings;
  Random* random;
  int token;  // the result
};

class SamplingPool {
 public:
  SamplingPool(int threads, int n_vocab);
  ~SamplingPool();
  SamplingPool(const SamplingPool&) = delete;
  SamplingPool& operator=(const SamplingPool&) = delete;

  // Returns when all are drawn. A draw depends on its own logits, settings and random numbers alone.
  void DrawAll(std::vector<Draw>& draws);

 private:
  void Work(Sampler& sampler);
  void Serve(int n_vocab);

  Sampler own_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  uint64_t round_ = 0;  // counts DrawAll
  size_t working_ = 0;  // threads that have not finished this round
  bool closing_ = false;
  std::vector<Draw>* draws_ = nullptr;
  std::atomic<size_t> next_{0};
};

}  // namespace coderm
