// llama.cpp's own main of this release ends while its log's thread may still have lines to write: with a model that is
// freed fast, every sixth run printed no figures. This one waits for them.

#include "log.h"

int llama_batched_bench(int argc, char** argv);

int main(int argc, char** argv) {
  int status = llama_batched_bench(argc, argv);
  common_log_pause(common_log_main());
  return status;
}
