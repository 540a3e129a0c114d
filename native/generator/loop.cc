#include "loop.h"

#include <algorithm>
#include <chrono>

#include "log.h"

namespace coderm {
namespace {

// Tokens of a prompt that one decode step takes. Where a prompt is prefilled alone it is cut at these places and no
// others, since a shorter piece may go through other kernels, with other rounding.
constexpr size_t kBatchTokens = 512;
// Contexts of streams are rounded up to this many tokens a lane, so that few prompts make the lanes wait for a new one.
constexpr size_t kContextStep = 1024;
// Cells that are kept for the prompts beside the lanes' own, at least.
constexpr size_t kPromptCells = 1024;

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool SpeaksOfMemory(const std::string& text) {
  return text.find("alloc") != std::string::npos || text.find("out of memory") != std::string::npos;
}

}  // namespace

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

void Loop::ClearContext() {
  padding_.clear();
  runtime_->llama().llama_memory_clear(runtime_->memory(), false);
  free_prefixes_ = prefixes_;
  for (Lane& lane : lanes_) {
    lane.busy = false;
    lane.resident = nullptr;
  }
  for (auto& prompt : prompts_) {
    prompt->sequence = -1;
    prompt->prefilled = 0;
    prompt->ready = false;
  }
}

// A context in which the oldest unfinished prompt fits: false while lanes still run in a shorter one, or without any.
bool Loop::EnsureContext() {
  for (const auto& prompt : prompts_) {
    if (prompt->ready || prompt->sequence >= 0 || Fits(*prompt)) continue;
    bool busy = std::any_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) { return lane.busy; });
    bool others = std::any_of(prompts_.begin(), prompts_.end(), [](const auto& one) { return one->ready && !one->waiting.empty(); });
    if (!busy && !others) OpenContext(*prompt);
    break;
  }
  if (runtime_->context() == nullptr) Sleep();
  return runtime_->context() != nullptr;
}

bool Loop::Fits(const Prompt& prompt) const { return Need(prompt) <= cells_ && (hidden_ || !prompt.job.want_hidden); }

size_t Loop::Need(const Prompt& prompt) { return prompt.job.tokens.size() + static_cast<size_t>(prompt.job.max_tokens); }

void Loop::OpenContext(const Prompt& prompt) {
  std::string reason;
  hidden_ = hidden_ || prompt.job.want_hidden;
  for (; !settings_.lanes.empty(); settings_.lanes.erase(settings_.lanes.begin())) {
    int lanes = settings_.lanes.front();
    int wide = std::max({lanes, settings_.width, settings_.unified ? 1 : 2});
    int prefixes = settings_.unified ? 2 : 1;
    ContextShape shape;
    shape.unified = settings_.unified;
    shape.hidden = hidden_;
    shape.sequences = wide + prefixes;
    shape.batch = static_cast<uint32_t>(std::max<size_t>(kBatchTokens, static_cast<size_t>(wide)));
    shape.cells = static_cast<uint32_t>(Cells(prompt, lanes, shape.sequences));
    try {
      runtime_->OpenContext(shape, [](void* self) { return static_cast<Loop*>(self)->Interrupted(); }, this);
    } catch (const OutOfMemory& error) {
      reason = error.what();
      continue;
    }
    cells_ = settings_.unified ? runtime_->llama().llama_n_ctx(runtime_->context())
                               : runtime_->llama().llama_n_ctx_seq(runtime_->context());
    batch_ = std::make_unique<Batch>(shape.batch + static_cast<size_t>(wide));
    lanes_.clear();
    lanes_.resize(static_cast<size_t>(lanes));
    for (int i = 0; i < lanes; ++i) lanes_[static_cast<size_t>(i)].sequence = i;
    prefixes_.clear();
    for (int i = 0; i < prefixes; ++i) prefixes_.push_back(wide + i);
    ClearContext();
    Count([&](Stats& stats) {
      stats.lanes = lanes;
      stats.cells = shape.cells;
    });
    Event event;
    event.kind = EventKind::kLanes;
    event.lanes = lanes;
    event.reason = reason;
    emit_(std::move(event));
    return;
  }
  throw OutOfMemory(reason);
}

// How many a context needs for lanes full of samples of this prompt: shared, so that the next prompt finds room
// beside it, or as many for each sequence as one sample needs.
size_t Loop::Cells(const Prompt& prompt, int lanes, int sequences) const {
  size_t need = Need(prompt);
  if (settings_.unified) {
    size_t prompts = 2 * std::max(kPromptCells, prompt.job.tokens.size());
    return prompts + static_cast<size_t>(lanes) * static_cast<size_t>(prompt.job.max_tokens);
  }
  size_t step = (need + kContextStep - 1) / kContextStep * kContextStep;
  return static_cast<size_t>(sequences) * std::max(need, std::min<size_t>(step, settings_.max_context));
}

bool Loop::Interrupted() const { return closing_ || cancelling_ > 0; }

// Gives waiting samples to idle lanes and draws their first token. False when there was nothing to give: a sample may
// end with its first token, and its lane take another.
bool Loop::AdmitAll() {
  std::vector<Work> work;
  for (Lane& lane : lanes_) {
    if (lane.busy) continue;
    std::shared_ptr<Prompt> prompt = NextWaiting();
    if (prompt == nullptr) break;
    if (settings_.unified && Reserved() + static_cast<size_t>(prompt->job.max_tokens) > cells_) break;
    Admit(lane, prompt);
    work.emplace_back(&lane, prompt->logits.data());
  }
  if (work.empty()) return false;
  DrawAll(work);
  return true;
}

// The oldest prefilled prompt that has a sample waiting.
std::shared_ptr<Loop::Prompt> Loop::NextWaiting() const {
  for (const auto& prompt : prompts_) {
    if (prompt->ready && !prompt->waiting.empty()) return prompt;
  }
  return nullptr;
}

void Loop::Admit(Lane& lane, const std::shared_ptr<Prompt>& prompt) {
  const LlamaLibrary& llama = runtime_->llama();
  if (lane.resident != prompt) {
    llama.llama_memory_seq_rm(runtime_->memory(), lane.sequence, -1, -1);
    llama.llama_memory_seq_cp(runtime_->memory(), prompt->sequence, lane.sequence, -1, -1);
  }
  lane.resident = prompt;
  lane.busy = true;
  lane.job = prompt->waiting.front();
  prompt->waiting.pop_front();
  ++prompt->lanes;
  lane.random = Random(lane.job.seed);
  lane.tokens.clear();
  lane.tail.clear();
  size_t reserved = Reserved();
  Count([&](Stats& stats) { stats.most_cells = std::max(stats.most_cells, static_cast<uint32_t>(reserved)); });
}

// Of an idle lane only its prompt is kept, for the next sample of it; nothing, if the model's memory can forget no part.
void Loop::Trim(Lane& lane) {
  const LlamaLibrary& llama = runtime_->llama();
  auto length = static_cast<llama_pos>(Length(lane));
  if (length > 0 && llama.llama_memory_seq_rm(runtime_->memory(), lane.sequence, length, -1)) return;
  llama.llama_memory_seq_rm(runtime_->memory(), lane.sequence, -1, -1);
  lane.resident = nullptr;
}

// Frees what ended prompts hold: the prefix sequence when no sample will need it, the rest with the last lane.
void Loop::Retire() {
  const LlamaLibrary& llama = runtime_->llama();
  for (auto at = prompts_.begin(); at != prompts_.end();) {
    Prompt& prompt = **at;
    bool wanted = !prompt.finished || !prompt.waiting.empty() || (prompt.job.want_hidden && !prompt.ready);
    if (!wanted && prompt.sequence >= 0) {
      llama.llama_memory_seq_rm(runtime_->memory(), prompt.sequence, -1, -1);
      free_prefixes_.push_back(prompt.sequence);
      prompt.sequence = -1;
    }
    if (wanted || prompt.lanes > 0) {
      ++at;
      continue;
    }
    for (Lane& lane : lanes_) {
      if (lane.resident != *at) continue;
      lane.resident = nullptr;
      Trim(lane);
    }
    at = prompts_.erase(at);
  }
}

// The prompt whose prefill goes on or begins now: the oldest that something waits for, if no lane finds a sample
// otherwise and there is a sequence and room for it.
std::shared_ptr<Loop::Prompt> Loop::NextToPrefill() {
  if (NextWaiting() != nullptr) return nullptr;
  for (const auto& prompt : prompts_) {
    if (prompt->ready || (prompt->waiting.empty() && !prompt->job.want_hidden)) continue;
    if (prompt->sequence >= 0) return prompt;
    bool idle = std::any_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) { return !lane.busy; });
    if ((!settings_.mixed && !idle) || free_prefixes_.empty() || !Fits(*prompt)) return nullptr;
    if (settings_.unified && Reserved() + prompt->job.tokens.size() > cells_) return nullptr;
    prompt->sequence = free_prefixes_.back();
    free_prefixes_.pop_back();
    return prompt;
  }
  return nullptr;
}

size_t Loop::AddPrefill(const Prompt& prompt, size_t room) {
  size_t count = std::min(room, prompt.job.tokens.size() - prompt.prefilled);
  for (size_t i = 0; i < count; ++i) {
    size_t position = prompt.prefilled + i;
    batch_->Add(prompt.job.tokens[position], position, prompt.sequence, position + 1 == prompt.job.tokens.size());
  }
  return count;
}

// Every busy lane's newest token. With a stream for each sequence, llama.cpp decodes only neighbouring ones in one
// pass, so idle lanes between busy ones get a token too, which is dropped again; all do where the width is fixed.
void Loop::AddLanes(std::vector<Lane*>* lanes) {
  for (Lane& lane : lanes_) {
    if (lane.busy) lanes->push_back(&lane);
  }
  if (lanes->empty()) return;
  int first = settings_.width > 0 ? 0 : lanes->front()->sequence;
  int last = std::max(settings_.width - 1, lanes->back()->sequence);
  // llama.cpp splits the attention of a single stream over its threads, and with it the rounding of its sums.
  if (!settings_.unified && first == last) first > 0 ? --first : ++last;
  for (int sequence = first; sequence <= last; ++sequence) {
    Lane* lane = sequence < static_cast<int>(lanes_.size()) ? &lanes_[static_cast<size_t>(sequence)] : nullptr;
    if (lane != nullptr && lane->busy) {
      batch_->Add(lane->tokens.back(), Length(*lane) + lane->tokens.size() - 1, sequence, true);
    } else if (!settings_.unified) {
      batch_->Add(0, lane == nullptr ? 0 : Length(*lane), sequence, settings_.width > 0);
      padding_.push_back(sequence);
    }
  }
}

void Loop::DropPadding() {
  for (int sequence : padding_) {
    if (sequence < static_cast<int>(lanes_.size())) Trim(lanes_[static_cast<size_t>(sequence)]);
    else runtime_->llama().llama_memory_seq_rm(runtime_->memory(), sequence, -1, -1);
  }
  padding_.clear();
}

// False when it was interrupted.
bool Loop::Decode() {
  int result = runtime_->llama().llama_decode(runtime_->context(), batch_->View());
  runtime_->llama().llama_synchronize(runtime_->context());
  if (result == 2) return false;
  if (result == 0) return true;
  std::string reason = "llama_decode gives " + std::to_string(result);
  std::string errors = TakeErrors();
  if (!errors.empty()) reason += ": " + errors;
  if (result == 1 || SpeaksOfMemory(errors)) throw OutOfMemory(reason);
  throw std::runtime_error(reason);
}

void Loop::EndPrefill(Prompt& prompt, size_t count) {
  prompt.prefilled += count;
  if (prompt.prefilled < prompt.job.tokens.size()) return;
  int last = static_cast<int>(batch_->size()) - 1;
  const float* logits = runtime_->llama().llama_get_logits_ith(runtime_->context(), last);
  prompt.logits.assign(logits, logits + runtime_->n_vocab());
  prompt.ready = true;
  if (!prompt.job.want_hidden) return;
  Event event;
  event.kind = EventKind::kHidden;
  event.id = prompt.job.id;
  event.hidden = runtime_->TakeHidden();
  emit_(std::move(event));
}

void Loop::DrawAll(const std::vector<Work>& work) {
  if (work.empty()) return;
  double start = Now();
  std::vector<Draw> draws;
  for (const auto& [lane, logits] : work)
    draws.push_back({logits, &lane->resident->job.sampler, &lane->random, 0});
  pool_->DrawAll(draws);
  double end = Now();
  Count([&](Stats& stats) {
    stats.sampling_seconds += end - start;
    if (stats.first_token_seconds == 0) stats.first_token_seconds = end - first_prompt_;
  });
  for (size_t i = 0; i < work.size(); ++i) Accept(*work[i].first, draws[i].token);
}

void Loop::Accept(Lane& lane, int32_t token) {
  if (token == kNoToken) throw std::runtime_error("the model gives logits that are not numbers; its file may be damaged");
  std::shared_ptr<Prompt> prompt = lane.resident;  // stays until this has ended
  const PromptJob& job = prompt->job;
  if (!job.ignore_end && runtime_->llama().llama_vocab_is_eog(runtime_->vocab(), token)) return End(lane, true);
  lane.tokens.push_back(token);
  if (!job.stop.empty() && job.stop.EndsWith(runtime_->Piece(token), &lane.tail)) return End(lane, true);
  if (lane.tokens.size() >= static_cast<size_t>(job.max_tokens)) End(lane, false);
}

void Loop::End(Lane& lane, bool stopped) {
  lane.busy = false;
  --lane.resident->lanes;
  Trim(lane);
  Event event;
  event.kind = EventKind::kSample;
  event.id = lane.job.id;
  event.tokens = lane.tokens;
  event.stopped = stopped;
  emit_(std::move(event));
}

// Cells that are taken, or will be before the running samples end.
size_t Loop::Reserved() const {
  size_t cells = 0;
  for (const auto& prompt : prompts_) {
    if (prompt->sequence >= 0 || prompt->lanes > 0) cells += prompt->job.tokens.size();
    cells += static_cast<size_t>(prompt->lanes) * static_cast<size_t>(prompt->job.max_tokens);
  }
  return cells;
}

// Tokens of its prompt that a lane's sequence holds.
size_t Loop::Length(const Lane& lane) const { return lane.resident == nullptr ? 0 : lane.resident->job.tokens.size(); }

}  // namespace coderm
