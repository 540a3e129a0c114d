#include "frames.h"

namespace coderm {

const char* NameOf(JailKind kind) {
  switch (kind) {
    case JailKind::kNamespaces:
      return "namespaces";
    case JailKind::kLandlock:
      return "landlock";
    case JailKind::kSeatbelt:
      return "seatbelt";
  }
  throw FrameError("an unknown kind of jail");
}

FrameWriter::FrameWriter(FrameKind kind) : bytes_(4, '\0') { U8(static_cast<uint8_t>(kind)); }

FrameWriter& FrameWriter::U8(uint8_t value) {
  bytes_.push_back(static_cast<char>(value));
  return *this;
}

FrameWriter& FrameWriter::U32(uint32_t value) {
  for (int i = 0; i < 4; ++i) U8(static_cast<uint8_t>(value >> (8 * i)));
  return *this;
}

FrameWriter& FrameWriter::I32(int32_t value) { return U32(static_cast<uint32_t>(value)); }

FrameWriter& FrameWriter::U64(uint64_t value) {
  for (int i = 0; i < 8; ++i) U8(static_cast<uint8_t>(value >> (8 * i)));
  return *this;
}

FrameWriter& FrameWriter::String(const std::string& value) {
  if (value.size() > kMaxFrameBytes) throw FrameError("a string is longer than a frame may be");
  U32(static_cast<uint32_t>(value.size()));
  bytes_ += value;
  return *this;
}

FrameWriter& FrameWriter::Strings(const std::vector<std::string>& values) {
  U32(static_cast<uint32_t>(values.size()));
  for (const std::string& value : values) String(value);
  return *this;
}

std::string FrameWriter::Finish() {
  size_t length = bytes_.size() - 4;
  if (length > kMaxFrameBytes) throw FrameError("a frame is longer than a frame may be");
  for (int i = 0; i < 4; ++i) bytes_[i] = static_cast<char>(length >> (8 * i));
  return std::move(bytes_);
}

FrameReader::FrameReader(const std::string& body) : body_(body) { kind_ = static_cast<FrameKind>(U8()); }

const char* FrameReader::Take(size_t count) {
  if (count > body_.size() - at_) throw FrameError("a frame ends before its fields do");
  const char* data = body_.data() + at_;
  at_ += count;
  return data;
}

uint8_t FrameReader::U8() { return static_cast<uint8_t>(*Take(1)); }

uint32_t FrameReader::U32() {
  const char* data = Take(4);
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value |= static_cast<uint32_t>(static_cast<uint8_t>(data[i])) << (8 * i);
  return value;
}

int32_t FrameReader::I32() { return static_cast<int32_t>(U32()); }

uint64_t FrameReader::U64() {
  uint64_t low = U32();
  return low | static_cast<uint64_t>(U32()) << 32;
}

std::string FrameReader::String() {
  uint32_t size = U32();
  return std::string(Take(size), size);
}

std::vector<std::string> FrameReader::Strings() {
  uint32_t count = U32();
  std::vector<std::string> values;
  for (uint32_t i = 0; i < count; ++i) values.push_back(String());  // Take() bounds a lying count
  return values;
}

void FrameReader::End() const {
  if (at_ != body_.size()) throw FrameError("a frame goes on after its fields");
}

std::string Encode(const ConfigFrame& frame) {
  FrameWriter writer(FrameKind::kConfig);
  writer.String(frame.interpreter).Strings(frame.arguments).Strings(frame.environment).String(frame.script);
  writer.U8(static_cast<uint8_t>(frame.jail));
  writer.U32(static_cast<uint32_t>(frame.binds.size()));
  for (const Bind& bind : frame.binds) writer.String(bind.source).String(bind.target);
  return writer.Strings(frame.guards_off).Finish();
}

ConfigFrame DecodeConfig(FrameReader& reader) {
  ConfigFrame frame;
  frame.interpreter = reader.String();
  frame.arguments = reader.Strings();
  frame.environment = reader.Strings();
  frame.script = reader.String();
  uint8_t jail = reader.U8();
  if (jail > static_cast<uint8_t>(JailKind::kSeatbelt)) throw FrameError("an unknown kind of jail");
  frame.jail = static_cast<JailKind>(jail);
  uint32_t count = reader.U32();
  for (uint32_t i = 0; i < count; ++i) {
    Bind bind;
    bind.source = reader.String();
    bind.target = reader.String();
    frame.binds.push_back(std::move(bind));
  }
  frame.guards_off = reader.Strings();
  reader.End();
  return frame;
}

std::string Encode(const RunFrame& frame) {
  const CellLimits& limits = frame.limits;
  return FrameWriter(FrameKind::kRun)
      .U64(frame.id)
      .U32(frame.cells)
      .U64(limits.cpu_us)
      .U64(limits.wall_us)
      .U64(limits.start_us)
      .U64(limits.memory_bytes)
      .U64(limits.output_bytes)
      .U64(limits.processes)
      .U64(limits.tmp_bytes)
      .String(frame.mark)
      .String(frame.job)
      .Finish();
}

RunFrame DecodeRun(FrameReader& reader) {
  RunFrame frame;
  frame.id = reader.U64();
  frame.cells = reader.U32();
  frame.limits.cpu_us = reader.U64();
  frame.limits.wall_us = reader.U64();
  frame.limits.start_us = reader.U64();
  frame.limits.memory_bytes = reader.U64();
  frame.limits.output_bytes = reader.U64();
  frame.limits.processes = reader.U64();
  frame.limits.tmp_bytes = reader.U64();
  frame.mark = reader.String();
  frame.job = reader.String();
  reader.End();
  return frame;
}

std::string Encode(const CancelFrame& frame) { return FrameWriter(FrameKind::kCancel).U64(frame.id).Finish(); }

CancelFrame DecodeCancel(FrameReader& reader) {
  CancelFrame frame{reader.U64()};
  reader.End();
  return frame;
}

std::string Encode(const ReadyFrame& frame) {
  return FrameWriter(FrameKind::kReady).String(frame.jail).String(frame.resources).String(frame.user).Finish();
}

ReadyFrame DecodeReady(FrameReader& reader) {
  ReadyFrame frame;
  frame.jail = reader.String();
  frame.resources = reader.String();
  frame.user = reader.String();
  reader.End();
  return frame;
}

std::string Encode(const OutcomeFrame& frame) {
  return FrameWriter(FrameKind::kOutcome)
      .U64(frame.id)
      .U8(frame.limit)
      .U32(frame.cells)
      .I32(frame.exit_code)
      .I32(frame.signal)
      .U8(frame.may_have_signalled)
      .U64(frame.cpu_us)
      .U64(frame.wall_us)
      .U64(frame.output_bytes)
      .String(frame.output)
      .String(frame.events)
      .Finish();
}

OutcomeFrame DecodeOutcome(FrameReader& reader) {
  OutcomeFrame frame;
  frame.id = reader.U64();
  frame.limit = reader.U8();
  frame.cells = reader.U32();
  frame.exit_code = reader.I32();
  frame.signal = reader.I32();
  frame.may_have_signalled = reader.U8();
  frame.cpu_us = reader.U64();
  frame.wall_us = reader.U64();
  frame.output_bytes = reader.U64();
  frame.output = reader.String();
  frame.events = reader.String();
  reader.End();
  return frame;
}

std::string Encode(const FaultFrame& frame) {
  return FrameWriter(FrameKind::kFault)
      .U64(frame.id)
      .String(frame.step)
      .I32(frame.error_number)
      .String(frame.detail)
      .Finish();
}

FaultFrame DecodeFault(FrameReader& reader) {
  FaultFrame frame;
  frame.id = reader.U64();
  frame.step = reader.String();
  frame.error_number = reader.I32();
  frame.detail = reader.String();
  reader.End();
  return frame;
}

void FrameBuffer::Append(const char* data, size_t size) {
  if (start_ > 0 && start_ == bytes_.size()) {
    bytes_.clear();
    start_ = 0;
  }
  bytes_.append(data, size);
}

bool FrameBuffer::Next(std::string* body) {
  size_t available = bytes_.size() - start_;
  if (available < 4) return false;
  uint32_t length = 0;
  for (int i = 0; i < 4; ++i) length |= static_cast<uint32_t>(static_cast<uint8_t>(bytes_[start_ + i])) << (8 * i);
  if (length == 0 || length > kMaxFrameBytes) throw FrameError("a frame's length is not possible");
  if (available - 4 < length) return false;
  body->assign(bytes_, start_ + 4, length);
  start_ += 4 + length;
  if (start_ > (1u << 20)) {
    bytes_.erase(0, start_);
    start_ = 0;
  }
  return true;
}

}  // namespace coderm
