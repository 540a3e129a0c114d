// Feeds bytes that no honest peer would send to the reader of frames (libFuzzer). What is checked, beside what
// the sanitisers see: only FrameError is thrown, the pieces in which a stream arrives do not matter, and a body
// that is accepted is exactly what its fields encode to. There is one encoding of every frame, so a field that
// is read or written wrongly shows.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "../frames.h"

namespace coderm {
namespace {

void Require(bool holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "coderm-frames-fuzz: %s\n", what);
  abort();
}

// The frame that a body decodes to, encoded again. Throws FrameError where the body is none.
// No default: a new kind that is missing here does not compile (-Werror=switch).
std::string EncodeAgain(const std::string& body) {
  FrameReader reader(body);
  switch (reader.kind()) {
    case FrameKind::kConfig:
      return Encode(DecodeConfig(reader));
    case FrameKind::kRun:
      return Encode(DecodeRun(reader));
    case FrameKind::kCancel:
      return Encode(DecodeCancel(reader));
    case FrameKind::kReady:
      return Encode(DecodeReady(reader));
    case FrameKind::kOutcome:
      return Encode(DecodeOutcome(reader));
    case FrameKind::kFault:
      return Encode(DecodeFault(reader));
  }
  throw FrameError("a kind that does not exist");
}

void CheckBody(const std::string& body) {
  std::string again;
  try {
    again = EncodeAgain(body);
  } catch (const FrameError&) {
    return;
  }
  Require(again.compare(4, std::string::npos, body) == 0, "a frame was accepted that its fields do not encode to");
  FrameBuffer buffer;
  buffer.Append(again.data(), again.size());
  std::string returned;
  Require(buffer.Next(&returned) && returned == body, "an encoded frame does not come back");
  Require(!buffer.Next(&returned), "bytes are left behind an encoded frame");
}

// The bodies that `stream` adds to what is in the buffer, until it ends or breaks, and which of the two.
// `next_piece` says how many bytes arrive at once.
template <typename NextPiece>
std::vector<std::string> Bodies(FrameBuffer buffer, const std::string& stream, NextPiece next_piece) {
  std::vector<std::string> bodies;
  std::string body;
  try {
    for (size_t at = 0; at < stream.size();) {
      size_t count = std::min<size_t>(stream.size() - at, next_piece());
      buffer.Append(stream.data() + at, count);
      at += count;
      while (buffer.Next(&body)) bodies.push_back(body);
    }
    bodies.push_back("ended");
  } catch (const FrameError&) {
    bodies.push_back("broken");
  }
  return bodies;
}

// A buffer drops what was read of it when that is more than 1 MiB: the first frame of this one is long.
FrameBuffer BufferWithLongFrame() {
  static const std::string frame = Encode(FaultFrame{0, "start the harness", 0, std::string(1u << 20, 'x')});
  FrameBuffer buffer;
  buffer.Append(frame.data(), frame.size());
  return buffer;
}

void CheckStream(const FrameBuffer& buffer, const std::string& stream, uint32_t chance) {
  std::vector<std::string> bodies = Bodies(buffer, stream, [&] { return stream.size(); });
  // Mostly a few bytes, so that a frame is cut everywhere; now and then many, so that a long one arrives.
  auto odd_piece = [&] {
    chance = chance * 1664525 + 1013904223;
    return 1 + (chance >> 30 == 3 ? chance >> 16 & 0xfff : chance >> 27 & 7);
  };
  Require(Bodies(buffer, stream, odd_piece) == bodies, "the pieces in which a stream arrives change its frames");
  for (const std::string& body : bodies) {
    if (body.size() < 1u << 20) CheckBody(body);
  }
}

}  // namespace
}  // namespace coderm

// The bytes are a stream, and also one body, whose length need not be guessed. Their sum chooses the pieces, and
// whether the long frame comes first, which is slow and so is for one input in 1,024.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  uint32_t sum = 0;
  for (size_t i = 0; i < size; ++i) sum = sum * 31 + data[i];
  coderm::CheckBody(bytes);
  bool long_first = sum % 1024 == 0;
  coderm::CheckStream(long_first ? coderm::BufferWithLongFrame() : coderm::FrameBuffer(), bytes, sum);
  return 0;
}
