// Theory of operation. One thread owns the model and runs this loop: admit samples to lanes, decode one step, draw
// the next token of every lane, hand over what has ended. A lane is a sequence of the context and runs one sample.
//
// A prompt is prefilled once, into a prefix sequence, and copied from there to the lanes of its samples. With unified
// cells a copy only marks the cells, so that all samples of a prompt share them; with a stream for each sequence it
// copies the keys and values. The logits of the prompt's last token are kept: every sample draws its first token from
// them. A lane that ends takes the next sample of its own prompt, for which it only forgets what it generated.
//
// When no prefilled prompt has a sample waiting, the next prompt is prefilled: on a GPU in pieces that ride in the
// decode steps of the running lanes, on a CPU alone (the cores are the same, so nothing would be won, and a piece
// would round differently depending on what runs beside it). A sample is admitted only when the cells of its whole
// length are free, so that no decode step can fail for want of them.
//
// With streams, a step is filled up with idle rows until all rows go through the same kernels of llama.cpp, however many
// lanes are busy (src/model/native/step-rows.ts).

#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "batch.h"
#include "jobs.h"
#include "runtime.h"
#include "sampling_pool.h"

namespace coderm {

struct LoopSettings {
  RuntimeSettings runtime;
  std::vector<int> lanes;    // numbers of lanes to try, from the left, until one fits the memory
  uint32_t max_context = 0;  // tokens of prompt and sample together, at most
  bool unified = true;       // cells are shared by the sequences
  bool mixed = true;         // prefill rides in decode steps
  int width = 0;             // every decode step has this many tokens; 0: as many as lanes are busy, and
  int least_rows = 1;        // with streams, idle ones beside them: this many at least,
  int row_multiple = 1;      // and a multiple of this, so that all go through the same kernels
};

class Loop {
 public:
  // Starts the thread, which loads the model. `emit` is called on that thread.
  Loop(const LoopSettings& settings, std::function<void(Event)> emit);
  ~Loop();  // stops at the next decode step
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void Add(PromptJob prompt);
  void Add(SampleJob sample);
  // No more samples of it will come.
  void Finish(uint64_t prompt);
  // Forgets all prompts and samples; nothing of them is handed over any more.
  void Cancel();
  Stats stats() const;

 private:
  struct Prompt {
    PromptJob job;
    std::deque<SampleJob> waiting;
    size_t prefilled = 0;       // tokens
    bool ready = false;         // prefilled to its end
    std::vector<float> logits;  // (n_vocab), of its last token, once it is ready
    int sequence = -1;          // its prefix sequence
    int lanes = 0;              // that run a sample of it
    bool finished = false;      // no more samples will come
  };
  struct Lane {
    int sequence = 0;
    std::shared_ptr<Prompt> resident;  // whose cells its sequence holds
    bool busy = false;
    SampleJob job;
    Random random{0};
    std::vector<int32_t> tokens;
    std::string tail;  // the end of its text, for stop texts
  };
  using Work = std::pair<Lane*, const float*>;  // a lane and the logits of its next token

  // Tokens of a prompt that one decode step takes. Where a prompt is prefilled alone it is cut at these places and no
  // others, since a shorter piece may go through other kernels, with other rounding.
  static constexpr size_t kBatchTokens = 512;
  // Tokens that the last piece has at least, if the prompt has as many: flash attention takes tiles of so many, and a
  // piece of one token is split over the threads, whose number a text shall not depend on either.
  static constexpr size_t kLeastPiece = 64;

  void Post(std::function<void()> work);
  void Count(const std::function<void(Stats&)>& change);
  bool Interrupted() const;

  // The rest runs on the thread.
  void Run();
  void Step();
  void Drain();
  void Sleep();
  void Forget();

  // loop_context.cc
  bool EnsureContext();
  void OpenContext(const Prompt& prompt);
  void ClearContext();
  bool HasRoom(const Prompt& prompt) const;
  static size_t Need(const Prompt& prompt);
  size_t Cells(const Prompt& prompt, int lanes, int sequences) const;
  size_t Reserved() const;
  size_t Length(const Lane& lane) const;

  // loop_lanes.cc
  bool AdmitAll();
  std::shared_ptr<Prompt> NextWaiting() const;
  void Admit(Lane& lane, const std::shared_ptr<Prompt>& prompt);
  void Trim(Lane& lane);
  void Retire();
  void DrawAll(const std::vector<Work>& work);
  void Accept(Lane& lane, int32_t token);
  void End(Lane& lane, bool stopped);

  // loop_batch.cc
  std::shared_ptr<Prompt> NextToPrefill();
  size_t AddPrefill(const Prompt& prompt, size_t room);
  void AddLanes(std::vector<Lane*>* lanes);
  int FilledRows(int busy) const;
  void DropPadding();
  bool Decode();
  void EndPrefill(Prompt& prompt, size_t count);

  LoopSettings settings_;
  std::function<void(Event)> emit_;

  // Shared with whoever calls; everything else belongs to the thread.
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> inbox_;
  Stats stats_;
  std::atomic<bool> closing_{false};
  std::atomic<int> cancelling_{0};

  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<SamplingPool> pool_;
  std::unique_ptr<Batch> batch_;
  std::list<std::shared_ptr<Prompt>> prompts_;  // in the order in which they came
  std::vector<Lane> lanes_;
  std::vector<int> prefixes_;  // sequences for prompts
  std::vector<int> free_prefixes_;
  std::vector<int> padding_;   // sequences whose token only fills the step
  int wide_ = 0;               // sequences that a step can have: the lanes', and some that only fill it
  size_t cells_ = 0;       // of the context: all of them when unified, else those of one sequence
  bool hidden_ = false;    // some prompt wanted its hidden state
  double first_prompt_ = 0;  // when it came, seconds

  std::thread thread_;  // last, so that it starts when all else is there
};

}  // namespace coderm
