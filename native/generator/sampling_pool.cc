#include "sampling_pool.h"

namespace coderm {

SamplingPool::SamplingPool(int threads, int n_vocab) : own_(n_vocab) {
  for (int i = 1; i < threads; ++i) threads_.emplace_back([this, n_vocab] { Serve(n_vocab); });
}

SamplingPool::~SamplingPool() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void SamplingPool::DrawAll(std::vector<Draw>& draws) {
  draws_ = &draws;
  next_ = 0;
  bool alone = draws.size() < 2 || threads_.empty();
  if (!alone) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      ++round_;
      working_ = threads_.size();
    }
    wake_.notify_all();
  }
  Work(own_);
  if (alone) return;
  std::unique_lock<std::mutex> lock(mutex_);
  done_.wait(lock, [this] { return working_ == 0; });
}

void SamplingPool::Work(Sampler& sampler) {
  for (size_t at = next_++; at < draws_->size(); at = next_++) {
    Draw& draw = (*draws_)[at];
    draw.token = sampler.draw(draw.logits, *draw.settings, *draw.random);
  }
}

void SamplingPool::Serve(int n_vocab) {
  Sampler sampler(n_vocab);
  uint64_t served = 0;
  for (;;) {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [&] { return closing_ || round_ != served; });
      if (closing_) return;
      served = round_;
    }
    Work(sampler);
    std::lock_guard<std::mutex> lock(mutex_);
    if (--working_ == 0) done_.notify_one();
  }
}

}  // namespace coderm
