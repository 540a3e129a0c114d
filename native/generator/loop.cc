#include "loop.h"

#include <algorithm>

#include "clock.h"
#include "log.h"

namespace coderm {

Loop::Loop(const LoopSettings& settings, std::function<void(Event)> emit)
    : settings_(settings), emit_(std::move(emit)), thread_([this] { Run(); }) {}

Loop::~Loop() {
  {
    std::lock_guard<std::mutex> lock(mutex_);  // not between the thread's look at it and its sleep
    closing_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Loop::Add(PromptJob job) {
  auto prompt = std::make_shared<Prompt>();
  prompt->job = std::move(job);
  Post([this, prompt] {
    if (first_prompt_ == 0) first_prompt_ = Now();
    prompts_.push_back(prompt);
  });
}

void Loop::Add(SampleJob sample) {
  Post([this, sample] {
    for (auto& prompt : prompts_) {
      if (prompt->job.id == sample.prompt) prompt->waiting.push_back(sample);
    }
  });
}

void Loop::Finish(uint64_t id) {
  Post([this, id] {
    for (auto& prompt : prompts_) {
      if (prompt->job.id == id) prompt->finished = true;
    }
  });
}

void Loop::Cancel() {
  ++cancelling_;
  Post([this] {
    Forget();
    --cancelling_;
  });
}

void Loop::Post(std::function<void()> work) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    inbox_.push_back(std::move(work));
  }
  wake_.notify_all();
}

Stats Loop::stats() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return stats_;
}

void Loop::Count(const std::function<void(Stats&)>& change) {
  std::lock_guard<std::mutex> lock(mutex_);
  change(stats_);
}

void Loop::Run() {
  Event failed;
  failed.kind = EventKind::kFailed;
  try {
    runtime_ = std::make_unique<Runtime>(settings_.runtime);
    pool_ = std::make_unique<SamplingPool>(settings_.runtime.threads, runtime_->n_vocab());
    emit_(Event{});
    while (!closing_) Step();
    return;
  } catch (const OutOfMemory& error) {
    failed.reason = error.what();
    failed.memory = true;
  } catch (const std::exception& error) {
    failed.reason = error.what();
    failed.memory = SpeaksOfMemory(failed.reason);  // Vulkan's buffers grow in a decode step, and throw
  }
  emit_(std::move(failed));
}

// One turn of the loop: at most one decode step.
void Loop::Step() {
  Drain();
  if (closing_ || cancelling_ > 0 || !EnsureContext()) return;
  while (AdmitAll()) {
  }
  Retire();
  std::shared_ptr<Prompt> prompt = NextToPrefill();
  bool alone = prompt != nullptr && !settings_.mixed;
  std::vector<Lane*> lanes;
  batch_->Clear();
  if (!alone) AddLanes(&lanes);
  size_t added = batch_->size();
  size_t count = prompt == nullptr ? 0 : AddPrefill(*prompt, kBatchTokens - std::min(kBatchTokens - 1, added));
  if (batch_->size() == 0) {
    Sleep();
    return;
  }
  bool ends = count > 0 && prompt->prefilled + count == prompt->job.tokens.size();
  if (ends && prompt->job.want_hidden) runtime_->WantHidden();
  double start = Now();
  if (!Decode()) return;  // interrupted: what it was for is forgotten next
  double seconds = Now() - start;
  Count([&](Stats& stats) {
    (added == 0 ? stats.prefill_seconds : stats.decode_seconds) += seconds;
    stats.prefill_tokens += count;
    stats.decode_tokens += lanes.size();
    stats.steps += added == 0 ? 0 : 1;
  });
  if (count > 0) EndPrefill(*prompt, count);
  DropPadding();
  std::vector<Work> work;
  int at = 0;
  for (Lane* lane : lanes) {
    while (!batch_->IsOf(at, lane->sequence)) ++at;
    work.emplace_back(lane, runtime_->llama().llama_get_logits_ith(runtime_->context(), at));
  }
  DrawAll(work);
}

// Does what was asked for since the last step.
void Loop::Drain() {
  for (;;) {
    std::function<void()> work;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (inbox_.empty()) return;
      work = std::move(inbox_.front());
      inbox_.pop_front();
    }
    work();
  }
}

// Until something is asked for.
void Loop::Sleep() {
  std::unique_lock<std::mutex> lock(mutex_);
  wake_.wait(lock, [this] { return closing_ || !inbox_.empty(); });
}

void Loop::Forget() {
  prompts_.clear();
  if (runtime_->context() != nullptr) ClearContext();
}

bool Loop::Interrupted() const { return closing_ || cancelling_ > 0; }

}  // namespace coderm
