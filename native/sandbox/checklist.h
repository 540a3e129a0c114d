// The set-up of a jail is a list of named steps, each fatal. A failing step is told to the launcher
// through a pipe that closes by itself when the interpreter starts.
#pragma once

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <string>

namespace coderm {

class Checklist {
 public:
  explicit Checklist(int report_fd) : report_fd_(report_fd) {}

  // Ends this process unless `done`. errno must be that of the step.
  void Step(bool done, const char* name, const std::string& detail = "") const {
    if (!done) Fail(errno, name, detail);
  }

  [[noreturn]] void Fail(int error_number, const char* name, const std::string& detail) const {
    std::string report = std::to_string(error_number) + "\n" + name + "\n" + detail;
    ssize_t written = ::write(report_fd_, report.data(), report.size());
    (void)written;  // nobody is left to tell
    ::_exit(125);
  }

 private:
  int report_fd_;
};

}  // namespace coderm
