// Included once per instruction set by sampler_kernels.cc, inside a namespace of its own. CODERM_TARGET is the
// attribute that chooses the set and CODERM_BYTES the width of its registers. The vectors are spelled out, because
// what a compiler makes of plain loops differed by a factor of ten between compilers and sets.

typedef float Floats __attribute__((vector_size(CODERM_BYTES)));
typedef int32_t Ints __attribute__((vector_size(CODERM_BYTES)));

constexpr int kFloats = sizeof(Floats) / sizeof(float);
// Partial sums of one block, each of eight weights: float is as good there as it is for a weight, and double takes over
// from there. Their number is the same for all sets, since addition in another order gives other bits.
constexpr int kPartialSums = 16;
constexpr int kAccumulators = kPartialSums / kFloats;

CODERM_TARGET inline Floats Load(const float* from) {
  Floats vector;
  memcpy(&vector, from, sizeof vector);
  return vector;
}

template <typename To, typename From>
CODERM_TARGET inline To BitsOf(From from) {
  To to;
  memcpy(&to, &from, sizeof to);
  return to;
}

CODERM_TARGET inline double AddUp(const Floats* accumulators) {
  float partial[kPartialSums];
  memcpy(partial, accumulators, sizeof partial);
  double sums[kPartialSums / 2];
  for (int i = 0; i < kPartialSums / 2; ++i) {
    sums[i] = static_cast<double>(partial[i]) + static_cast<double>(partial[i + kPartialSums / 2]);
  }
  for (int width = kPartialSums / 4; width > 0; width /= 2) {
    for (int i = 0; i < width; ++i) sums[i] += sums[i + width];
  }
  return sums[0];
}

CODERM_TARGET void FindPeaks(const float* logits, int blocks, float* peaks) {
  for (int b = 0; b < blocks; ++b, logits += kBlock) {
    Floats greatest = Load(logits);
    Ints nans = greatest != greatest;
    for (int i = kFloats; i < kBlock; i += kFloats) {
      Floats next = Load(logits + i);
      nans |= next != next;
      greatest = next > greatest ? next : greatest;
    }
    float peak = greatest[0];
    int32_t nan = nans[0];
    for (int i = 1; i < kFloats; ++i) {
      peak = greatest[i] > peak ? greatest[i] : peak;
      nan |= nans[i];
    }
    peaks[b] = nan ? NAN : peak;
  }
}

// 2^exponent for exponent <= 0: 2^round(exponent) times a minimax polynomial of degree 6 for 2^x on [-1/2, 1/2]
// (relative error 1.9e-9, and with the rounding of its float operations below 1.2e-7; exactly 1 at 0).
CODERM_TARGET inline Floats PowerOfTwo(Floats exponent) {
  const Floats least = Floats{} - 127.0f;
  const Floats round = Floats{} + 0x1.8p23f;  // adding and subtracting it leaves the nearest whole number
  exponent = exponent > least ? exponent : least;
  Floats shifted = exponent + round;
  Floats x = exponent - (shifted - round);
  Floats p = Floats{} + 0x1.41d334p-13f;
  p = p * x + 0x1.5f456ap-10f;
  p = p * x + 0x1.3b2dbcp-7f;
  p = p * x + 0x1.c6aed4p-5f;
  p = p * x + 0x1.ebfbdap-3f;
  p = p * x + 0x1.62e430p-1f;
  p = p * x + 1.0f;
  // The low bits of `shifted` are that whole number; moved to the place of p's exponent they multiply by its power.
  // At -127 all bits are gone: 0.
  return BitsOf<Floats>(BitsOf<Ints>(p) + (BitsOf<Ints>(shifted) << 23));
}

CODERM_TARGET void Weigh(const float* logits, int blocks, float peak, float scale, float* weights,
                         double* sums) {
  for (int b = 0; b < blocks; ++b, logits += kBlock, weights += kBlock) {
    Floats accumulators[kAccumulators] = {};
    for (int i = 0; i < kBlock; i += kPartialSums) {
      for (int a = 0; a < kAccumulators; ++a) {
        int at = i + a * kFloats;
        Floats weight = PowerOfTwo((Load(logits + at) - peak) * scale);
        memcpy(weights + at, &weight, sizeof weight);
        accumulators[a] += weight;
      }
    }
    sums[b] = AddUp(accumulators);
  }
}

template <bool kOrEqual>
CODERM_TARGET void SumBeyond(const float* logits, const float* weights, const float* peaks, int blocks, float cut,
                             double* sums) {
  for (int b = 0; b < blocks; ++b, logits += kBlock, weights += kBlock) {
    sums[b] = 0;
    if (peaks[b] < cut) continue;
    Floats accumulators[kAccumulators] = {};
    for (int i = 0; i < kBlock; i += kPartialSums) {
      for (int a = 0; a < kAccumulators; ++a) {
        int at = i + a * kFloats;
        Floats logit = Load(logits + at);
        accumulators[a] += (kOrEqual ? logit >= cut : logit > cut) ? Load(weights + at) : Floats{};
      }
    }
    sums[b] = AddUp(accumulators);
  }
}
