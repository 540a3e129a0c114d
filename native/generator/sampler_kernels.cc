#include "sampler_kernels.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

namespace coderm {

namespace generic {
#define CODERM_TARGET
#define CODERM_BYTES 16
#include "sampler_kernel_bodies.h"
#undef CODERM_TARGET
#undef CODERM_BYTES
const SamplerKernels kKernels = {"generic", FindPeaks, Weigh, SumBeyond<true>, SumBeyond<false>};
}  // namespace generic

#if defined(__x86_64__)
namespace avx2 {
#define CODERM_TARGET __attribute__((target("avx2")))
#define CODERM_BYTES 32
#include "sampler_kernel_bodies.h"
#undef CODERM_TARGET
#undef CODERM_BYTES
const SamplerKernels kKernels = {"avx2", FindPeaks, Weigh, SumBeyond<true>, SumBeyond<false>};
}  // namespace avx2

namespace avx512 {
#define CODERM_TARGET __attribute__((target("avx512f,avx512dq")))
#define CODERM_BYTES 64
#include "sampler_kernel_bodies.h"
#undef CODERM_TARGET
#undef CODERM_BYTES
const SamplerKernels kKernels = {"avx512", FindPeaks, Weigh, SumBeyond<true>, SumBeyond<false>};
}  // namespace avx512
#endif

namespace {

std::vector<const SamplerKernels*> Runnable() {
  std::vector<const SamplerKernels*> runnable;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) runnable.push_back(&avx512::kKernels);
  if (__builtin_cpu_supports("avx2")) runnable.push_back(&avx2::kKernels);
#endif
  runnable.push_back(&generic::kKernels);
  return runnable;
}

}  // namespace

const std::vector<const SamplerKernels*>& RunnableKernels() {
  static const std::vector<const SamplerKernels*> runnable = Runnable();
  return runnable;
}

}  // namespace coderm
