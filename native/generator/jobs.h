// What the loop is asked for and what it answers, free of any JavaScript value.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sampler.h"
#include "stop_texts.h"

namespace coderm {

// A prompt, and how its samples are drawn.
struct PromptJob {
  uint64_t id = 0;
  std::vector<int32_t> tokens;
  SamplerSettings sampler = {};
  StopTexts stop{{}};
  int max_tokens = 0;        // of one sample
  bool want_hidden = false;  // also answer with the hidden state of the last token
  bool ignore_end = false;   // go on at end-of-generation tokens, for measuring
};

// One sample of a prompt that was given before.
struct SampleJob {
  uint64_t prompt = 0;
  uint64_t id = 0;
  uint64_t seed = 0;
};

struct Stats {
  double prefill_seconds = 0;
  double decode_seconds = 0;
  double sampling_seconds = 0;
  double first_token_seconds = 0;  // from the first prompt to the first token drawn
  uint64_t prefill_tokens = 0;
  uint64_t decode_tokens = 0;  // that became part of a sample
  uint64_t steps = 0;          // decode steps
  uint32_t cells = 0;          // of the KV cache
  uint32_t most_cells = 0;     // reserved at one time
  int lanes = 0;
};

enum class EventKind { kReady, kLanes, kHidden, kSample, kFailed };

struct Event {
  EventKind kind = EventKind::kReady;
  uint64_t id = 0;              // kHidden: of the prompt; kSample: of the sample
  int lanes = 0;                // kLanes: how many there are from now on
  std::vector<int32_t> tokens;  // kSample: without the end token
  bool stopped = false;         // kSample: by the model or a stop text, not by its limit
  std::vector<float> hidden;    // kHidden: (n_embd)
  std::string reason;           // kLanes, kFailed
  bool memory = false;          // kFailed: for lack of memory
};

}  // namespace coderm
