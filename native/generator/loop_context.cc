// Loop: the context, and which prompts have room in it.

#include <algorithm>

#include "loop.h"

namespace coderm {
namespace {

// Contexts of streams are rounded up to this many tokens a lane, so that few prompts make the lanes wait for a new one.
constexpr size_t kContextStep = 1024;
// Cells that are kept for the prompts beside the lanes' own, at least.
constexpr size_t kPromptCells = 1024;

}  // namespace

// A context in which the oldest unfinished prompt has room: false while lanes still run in a shorter one, or without any.
bool Loop::EnsureContext() {
  for (const auto& prompt : prompts_) {
    if (prompt->ready || prompt->sequence >= 0 || HasRoom(*prompt)) continue;
    bool busy = std::any_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) { return lane.busy; });
    bool others = std::any_of(prompts_.begin(), prompts_.end(), [](const auto& one) { return one->ready && !one->waiting.empty(); });
    if (!busy && !others) OpenContext(*prompt);
    break;
  }
  if (runtime_->context() == nullptr) Sleep();
  return runtime_->context() != nullptr;
}

void Loop::OpenContext(const Prompt& prompt) {
  std::string reason;
  hidden_ = hidden_ || prompt.job.want_hidden;
  for (; !settings_.lanes.empty(); settings_.lanes.erase(settings_.lanes.begin())) {
    int lanes = settings_.lanes.front();
    int wide = settings_.unified ? lanes : FilledRows(std::max(lanes, settings_.width));
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
    wide_ = wide;
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

// Room for a sample of it or, where the lanes share cells, for one in every lane: a context that was opened for shorter
// samples would leave most lanes idle.
bool Loop::HasRoom(const Prompt& prompt) const {
  size_t lanes = settings_.unified ? lanes_.size() : 1;
  size_t need = prompt.job.tokens.size() + lanes * static_cast<size_t>(prompt.job.max_tokens);
  return !lanes_.empty() && need <= cells_ && (hidden_ || !prompt.job.want_hidden);
}

size_t Loop::Need(const Prompt& prompt) { return prompt.job.tokens.size() + static_cast<size_t>(prompt.job.max_tokens); }

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
