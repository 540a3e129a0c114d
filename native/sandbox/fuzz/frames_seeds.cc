// Writes one file per kind of frame, and one stream of several, for the fuzzer to start from:
//   coderm-frames-seeds <folder>

#include <cstdio>
#include <fstream>
#include <string>

#include "../frames.h"

namespace coderm {
namespace {

std::string Config() {
  ConfigFrame frame;
  frame.interpreter = "/usr/bin/python3";
  frame.arguments = {"-I", "-S", "-B"};
  frame.environment = {"PYTHONHASHSEED=0", "LANG=C.UTF-8"};
  frame.script = "/harness/warm.py";
  frame.binds = {{"/usr/lib", "/usr/lib"}, {"/srv/coderm/harness", "/harness"}};
  frame.guards_off = {"files"};
  return Encode(frame);
}

std::string Run() {
  RunFrame frame = {};
  frame.id = 7;
  frame.cells = 1;
  frame.limits = {1000000, 5000000, 30000000, 512u << 20, 1u << 20, 32, 16u << 20};
  frame.mark = "cell ";
  frame.job = R"({"candidate": "def f(): return 1", "test": "assert f() == 1"})";
  return Encode(frame);
}

std::string Outcome() {
  OutcomeFrame frame = {};
  frame.id = 7;
  frame.limit = static_cast<uint8_t>(Limit::kCpu);
  frame.cells = 2;
  frame.exit_code = -1;
  frame.signal = 9;
  frame.may_have_signalled = 1;
  frame.cpu_us = 1000123;
  frame.output = "Traceback (most recent call last):\n";
  frame.events = "ready 12345\nstart assert\n";
  return Encode(frame);
}

bool Write(const std::string& folder, const char* name, const std::string& frames) {
  std::ofstream file(folder + "/" + name, std::ios::binary);
  file << frames;
  return file.good();
}

}  // namespace
}  // namespace coderm

int main(int count, char** arguments) {
  using namespace coderm;
  if (count != 2) {
    fprintf(stderr, "coderm-frames-seeds: expected one folder to write to\n");
    return 2;
  }
  std::string folder = arguments[1], cancel = Encode(CancelFrame{7});
  std::string ready = Encode(ReadyFrame{"namespaces", "cgroup v2", "user"});
  std::string fault = Encode(FaultFrame{0, "create namespaces", 1, ""});
  bool written = Write(folder, "config", Config()) && Write(folder, "run", Run()) &&
                 Write(folder, "cancel", cancel) && Write(folder, "ready", ready) &&
                 Write(folder, "outcome", Outcome()) && Write(folder, "fault", fault) &&
                 Write(folder, "to-launcher", Config() + Run() + cancel) &&
                 Write(folder, "to-addon", ready + Outcome() + fault);
  if (!written) fprintf(stderr, "coderm-frames-seeds: cannot write to %s\n", folder.c_str());
  return written ? 0 : 1;
}
