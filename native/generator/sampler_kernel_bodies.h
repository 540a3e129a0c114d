// Included once per instruction set by sampler_kernels.cc, inside a namespace of its own. CODERM_TARGET is the
// attribute that chooses the set and CODERM_BYTES the width of its registers. The vectors are spelled out, because
// what a compiler makes of plain loops differed by a factor of ten between compilers and sets.

typedef float Floats __attribute__((vector_size(CODERM_BYTES)));
typedef int32_t Ints __attribute__((vector_size(CODERM_BYTES)));
typedef double Doubles __attribute__((vector_size(CODERM_BYTES)));
typedef float HalfFloats __attribute__((vector_size(CODERM_BYTES / 2)));  // as many as fit into Doubles

constexpr int kFloats = sizeof(Floats) / sizeof(float);
constexpr int kDoubles = sizeof(Doubles) / sizeof(double);
// Partial sums of one block. The same for all sets, since addition in another order gives other bits.
constexpr int kPartialSums = 16;
constexpr int kAccumulators = kPartialSums / kDoubles;

template <typename Vector, typename Number>
CODERM_TARGET inline Vector Load(const Number* from) {
  Vector vector;
  memcpy(&vector, from, sizeof vector);
  return vector;
}

template <typename To, typename From>
CODERM_TARGET inline To BitsOf(From from) {
  To to;
  memcpy(&to, &from, sizeof to);
  return to;
}

CODERM_TARGET inline double AddUp(const Doubles* accumulators) {
  double partial[kPartialSums];
  memcpy(partial, accumulators, sizeof partial);
  for (int width = kPartialSums / 2; width > 0; width /= 2) {
    for (int i = 0; i < width; ++i) partial[i] += partial[i + width];
  }
  return partial[0];
}

CODERM_TARGET void FindPeaks(const float* logits, int blocks, float* peaks) {
  for (int b = 0; b < blocks; ++b, logits += kBlock) {
    Floats greatest = Load<Floats>(logits);
    Ints nans = greatest != greatest;
    for (int i = kFloats; i < kBlock; i += kFloats) {
      Floats next = Load<Floats>(logits + i);
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
  const Floats least = Floats{} - 126.0f;
  const Floats round = Floats{} + 0x1.8p23f;  // adding and subtracting it leaves the nearest whole number
  Floats shifted = (exponent > least ? exponent : least) + round;
  Floats x = (exponent > least ? exponent : least) - (shifted - round);
  Floats p = Floats{} + 0x1.41d334p-13f;
  p = p * x + 0x1.5f456ap-10f;
  p = p * x + 0x1.3b2dbcp-7f;
  p = p * x + 0x1.c6aed4p-5f;
  p = p * x + 0x1.ebfbdap-3f;
  p = p * x + 0x1.62e430p-1f;
  p = p * x + 1.0f;
  // The low bits of `shifted` are that whole number; moved to the place of p's exponent they multiply by its power.
  Floats power = BitsOf<Floats>(BitsOf<Ints>(p) + (BitsOf<Ints>(shifted) << 23));
  return exponent > least + 1.0f ? power : Floats{};
}

CODERM_TARGET void Weigh(const float* logits, int blocks, float peak, float scale, float* weights,
                         double* sums) {
  for (int b = 0; b < blocks; ++b, logits += kBlock, weights += kBlock) {
    for (int i = 0; i < kBlock; i += kFloats) {
      Floats weight = PowerOfTwo((Load<Floats>(logits + i) - peak) * scale);
      memcpy(weights + i, &weight, sizeof weight);
    }
    Doubles accumulators[kAccumulators] = {};
    for (int i = 0; i < kBlock; i += kPartialSums) {
      for (int a = 0; a < kAccumulators; ++a) {
        accumulators[a] += __builtin_convertvector(Load<HalfFloats>(weights + i + a * kDoubles), Doubles);
      }
    }
    sums[b] = AddUp(accumulators);
  }
}

template <bool kOrEqual>
CODERM_TARGET void SumBeyond(const float* logits, const float* weights, int blocks, float cut, double* sums) {
  for (int b = 0; b < blocks; ++b, logits += kBlock, weights += kBlock) {
    Doubles accumulators[kAccumulators] = {};
    for (int i = 0; i < kBlock; i += kPartialSums) {
      for (int a = 0; a < kAccumulators; ++a) {
        int at = i + a * kDoubles;
        HalfFloats logit = Load<HalfFloats>(logits + at), weight = Load<HalfFloats>(weights + at);
        weight = (kOrEqual ? logit >= cut : logit > cut) ? weight : HalfFloats{};
        accumulators[a] += __builtin_convertvector(weight, Doubles);
      }
    }
    sums[b] = AddUp(accumulators);
  }
}
