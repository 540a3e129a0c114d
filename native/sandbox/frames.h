// The frames that pass between the addon (in Node) and the launcher, over one socket pair.
//
// A frame is a u32 length (of what follows), a u8 kind and its fields in the order of the struct below.
// Integers are little-endian and fixed in size; a string is a u32 length and its bytes. Both ends are
// built together, so there is no version field. A reader throws FrameError on anything it does not
// expect; it never reads past the frame.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace coderm {

// A frame longer than this is a broken peer, not a large job.
constexpr uint32_t kMaxFrameBytes = 256u << 20;

struct FrameError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class FrameKind : uint8_t { kConfig = 1, kRun = 2, kCancel = 3, kReady = 10, kOutcome = 11, kFault = 12 };

// One path of the host that the jail shows, read-only.
struct Bind {
  std::string source;  // path on the host
  std::string target;  // absolute path in the jail
};

// What the walls are made of.
enum class JailKind : uint8_t { kNamespaces = 0, kLandlock, kSeatbelt };
const char* NameOf(JailKind kind);

// addon -> launcher, once, first.
struct ConfigFrame {
  std::string interpreter;                // path in the jail
  std::vector<std::string> arguments;     // between the interpreter and the script
  std::vector<std::string> environment;   // NAME=value
  std::string script;                     // of the warm interpreter: path in the jail
  JailKind jail = JailKind::kNamespaces;
  std::vector<Bind> binds;                // without a root of its own each target is its source
  std::vector<std::string> guards_off;    // honoured by the test build only
};

// The limits of one cell; units in the names.
struct CellLimits {
  uint64_t cpu_us;
  uint64_t wall_us;
  uint64_t start_us;  // wall time until the harness says it is ready; beyond it the fault is ours
  uint64_t memory_bytes;
  uint64_t output_bytes;
  uint64_t processes;
  uint64_t tmp_bytes;
};

// addon -> launcher: one child of the warm interpreter. CPU time and wall time are limited for each of its cells, output,
// memory, processes and /tmp for the child.
struct RunFrame {
  uint64_t id;
  uint32_t cells;  // that it may start
  CellLimits limits;
  std::string mark;  // how an event line begins that says: here starts the next cell
  std::string job;   // what the warm interpreter is given
};

// addon -> launcher: end this run now, or do not begin it; its outcome says `cancelled`.
struct CancelFrame {
  uint64_t id;
};

// launcher -> addon, once: which walls this machine gives.
struct ReadyFrame {
  std::string jail;       // NameOf its kind
  std::string resources;  // "cgroup v1", "cgroup v2" or "rlimits"
  std::string user;       // "root" or "user": how the launcher was started
};

// Why a cell was ended from outside, if it was.
enum class Limit : uint8_t { kNone = 0, kCpu, kWall, kMemory, kOutput, kEvents, kCancelled };

// launcher -> addon: what was seen of one run.
struct OutcomeFrame {
  uint64_t id;
  uint8_t limit;      // enum Limit
  uint32_t cells;     // started so far; the last one is the one that met the limit
  int32_t exit_code;  // -1 when it ended by a signal
  int32_t signal;     // 0 when it exited
  uint8_t may_have_signalled;  // 0: nothing in the jail has asked for a signal, so that one came from elsewhere
  uint64_t cpu_us;    // since the harness was ready, all processes of the cell
  uint64_t wall_us;   // since the harness was ready
  uint64_t output_bytes;
  std::string output;  // the first bytes of standard output and error
  std::string events;  // all that was written to descriptor 4
};

// launcher -> addon: a fault of ours. id 0: the launcher cannot serve at all.
struct FaultFrame {
  uint64_t id;
  std::string step;  // the named step of the set-up that failed
  int32_t error_number;
  std::string detail;
};

class FrameWriter {
 public:
  explicit FrameWriter(FrameKind kind);
  FrameWriter& U8(uint8_t value);
  FrameWriter& U32(uint32_t value);
  FrameWriter& I32(int32_t value);
  FrameWriter& U64(uint64_t value);
  FrameWriter& String(const std::string& value);
  FrameWriter& Strings(const std::vector<std::string>& values);
  // The complete frame, its length filled in.
  std::string Finish();

 private:
  std::string bytes_;
};

class FrameReader {
 public:
  // `body` is a frame without its length. It must outlive the reader.
  explicit FrameReader(const std::string& body);
  FrameKind kind() const { return kind_; }
  uint8_t U8();
  uint32_t U32();
  int32_t I32();
  uint64_t U64();
  std::string String();
  std::vector<std::string> Strings();
  // Throws if bytes are left over.
  void End() const;

 private:
  const char* Take(size_t count);
  const std::string& body_;
  size_t at_ = 0;
  FrameKind kind_;
};

std::string Encode(const ConfigFrame&);
std::string Encode(const RunFrame&);
std::string Encode(const CancelFrame&);
std::string Encode(const ReadyFrame&);
std::string Encode(const OutcomeFrame&);
std::string Encode(const FaultFrame&);

ConfigFrame DecodeConfig(FrameReader&);
RunFrame DecodeRun(FrameReader&);
CancelFrame DecodeCancel(FrameReader&);
ReadyFrame DecodeReady(FrameReader&);
OutcomeFrame DecodeOutcome(FrameReader&);
FaultFrame DecodeFault(FrameReader&);

// Collects bytes as they arrive and hands out whole frame bodies.
class FrameBuffer {
 public:
  void Append(const char* data, size_t size);
  // Moves the next whole body into `body`; false when it has not all arrived. Throws FrameError.
  bool Next(std::string* body);

 private:
  std::string bytes_;
  size_t start_ = 0;
};

}  // namespace coderm
