// Loop: what one decode step takes in, a piece of a prompt and a token of each lane, and the decode itself.

#include <algorithm>

#include "log.h"
#include "loop.h"

namespace coderm {

// The prompt whose prefill goes on or begins now: the oldest that something waits for, if no lane finds a sample
// otherwise and there is a sequence and room for it.
std::shared_ptr<Loop::Prompt> Loop::NextToPrefill() {
  if (NextWaiting() != nullptr) return nullptr;
  for (const auto& prompt : prompts_) {
    if (prompt->ready || (prompt->waiting.empty() && !prompt->job.want_hidden)) continue;
    if (prompt->sequence >= 0) return prompt;
    bool idle = std::any_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) { return !lane.busy; });
    if ((!settings_.mixed && !idle) || free_prefixes_.empty() || !HasRoom(*prompt)) return nullptr;
    if (settings_.unified && Reserved() + prompt->job.tokens.size() > cells_) return nullptr;
    prompt->sequence = free_prefixes_.back();
    free_prefixes_.pop_back();
    return prompt;
  }
  return nullptr;
}

size_t Loop::AddPrefill(const Prompt& prompt, size_t room) {
  size_t left = prompt.job.tokens.size() - prompt.prefilled;
  size_t count = std::min(room, left);
  if (!settings_.mixed && left > room && left - room < kLeastPiece) count = left - kLeastPiece;
  for (size_t i = 0; i < count; ++i) {
    size_t position = prompt.prefilled + i;
    batch_->Add(prompt.job.tokens[position], position, prompt.sequence, position + 1 == prompt.job.tokens.size());
  }
  return count;
}

// Every busy lane's newest token. With a stream for each sequence, llama.cpp decodes only neighbouring ones in one
// pass, so idle lanes between busy ones get a token too, which is dropped again; so do those beside them that fill the
// step. Their logits are asked for as well, or the last layer would have fewer rows than the others.
void Loop::AddLanes(std::vector<Lane*>* lanes) {
  for (Lane& lane : lanes_) {
    if (lane.busy) lanes->push_back(&lane);
  }
  if (lanes->empty()) return;
  int first = settings_.width > 0 ? 0 : lanes->front()->sequence;
  int last = std::max(settings_.width - 1, lanes->back()->sequence);
  if (!settings_.unified) {
    int rows = FilledRows(last - first + 1);
    first = std::min(first, wide_ - rows);
    last = first + rows - 1;
  }
  for (int sequence = first; sequence <= last; ++sequence) {
    Lane* lane = sequence < static_cast<int>(lanes_.size()) ? &lanes_[static_cast<size_t>(sequence)] : nullptr;
    if (lane != nullptr && lane->busy) {
      batch_->Add(lane->tokens.back(), Length(*lane) + lane->tokens.size() - 1, sequence, true);
    } else if (!settings_.unified) {
      batch_->Add(0, lane == nullptr ? 0 : Length(*lane), sequence, true);
      padding_.push_back(sequence);
    }
  }
}

// Two at least: llama.cpp splits the attention of a single stream over its threads, and with it the rounding of its sums.
int Loop::FilledRows(int busy) const {
  int multiple = std::max(1, settings_.row_multiple);
  return std::max({2, settings_.least_rows, (busy + multiple - 1) / multiple * multiple});
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

}  // namespace coderm
