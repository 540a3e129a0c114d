// Decodes the same token on 1, 2, … rows and prints, for each number of rows, which rows have the same logits, bit by
// bit: a letter for each distinct result, in the order in which they appear. One letter everywhere means that llama.cpp's
// kernels do not care how many rows a step has.
//
//   probe LIBRARIES MODEL.gguf PROMPT_TOKENS MOST_ROWS THREADS

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "batch.h"
#include "runtime.h"

namespace coderm {
namespace {

class Probe {
 public:
  Probe(const RuntimeSettings& settings, int most, int prompt) : runtime_(settings), batch_(512), prompt_(prompt) {
    ContextShape shape;
    shape.unified = false;
    shape.sequences = most + 1;
    shape.cells = static_cast<uint32_t>(shape.sequences) * static_cast<uint32_t>(prompt + 256);
    shape.batch = 512;
    runtime_.OpenContext(shape, [](void*) { return false; }, nullptr);
    for (int at = 0; at < prompt; at += 512) {
      batch_.Clear();
      for (int i = at; i < prompt && i < at + 512; ++i)
        batch_.Add(i * 31 % 300, static_cast<size_t>(i), most, i + 1 == prompt);
      Decode();
    }
    for (int row = 0; row < most; ++row)
      runtime_.llama().llama_memory_seq_cp(runtime_.memory(), most, row, -1, -1);
  }

  // A letter for the logits of each of `rows` rows.
  std::string Letters(int rows) {
    batch_.Clear();
    for (int row = 0; row < rows; ++row) batch_.Add(7, static_cast<size_t>(prompt_), row, true);
    Decode();
    std::string letters;
    for (int row = 0; row < rows; ++row) {
      const float* logits = runtime_.llama().llama_get_logits_ith(runtime_.context(), row);
      std::string bits(reinterpret_cast<const char*>(logits), sizeof(float) * static_cast<size_t>(runtime_.n_vocab()));
      letters += seen_.emplace(bits, static_cast<char>('A' + seen_.size())).first->second;
      runtime_.llama().llama_memory_seq_rm(runtime_.memory(), row, prompt_, -1);
    }
    return letters;
  }

 private:
  void Decode() {
    int result = runtime_.llama().llama_decode(runtime_.context(), batch_.View());
    if (result != 0) throw std::runtime_error("llama_decode gives " + std::to_string(result));
    runtime_.llama().llama_synchronize(runtime_.context());
  }

  Runtime runtime_;
  Batch batch_;
  int prompt_;
  std::map<std::string, char> seen_;
};

}  // namespace
}  // namespace coderm

int main(int argc, char** argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: probe LIBRARIES MODEL.gguf PROMPT_TOKENS MOST_ROWS THREADS\n");
    return 2;
  }
  try {
    coderm::RuntimeSettings settings;
    settings.library_folder = argv[1];
    settings.model = argv[2];
    settings.threads = atoi(argv[5]);
    int most = atoi(argv[4]);
    coderm::Probe probe(settings, most, atoi(argv[3]));
    for (int rows = 1; rows <= most; ++rows) printf("%d %s\n", rows, probe.Letters(rows).c_str());
  } catch (const std::exception& error) {
    fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
