// Loop: samples come to lanes, get their tokens and leave; prompts leave after their last sample.

#include <algorithm>

#include "clock.h"
#include "loop.h"

namespace coderm {

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

}  // namespace coderm
