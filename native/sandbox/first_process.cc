#include "first_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "pipes.h"

namespace coderm {
namespace {

std::vector<char*> Pointers(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (const std::string& text : strings) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

void ArrangeDescriptors(int control, int output, int* report, const Checklist& list) {
  // First out of the way of the low numbers, so that no move overwrites one that is still to come.
  int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  list.Step(null >= 0, "open /dev/null");
  if (control < 0) control = null;
  int high_control = fcntl(control, F_DUPFD_CLOEXEC, 16), high_output = fcntl(output, F_DUPFD_CLOEXEC, 16);
  int high_null = fcntl(null, F_DUPFD_CLOEXEC, 16), high_report = fcntl(*report, F_DUPFD_CLOEXEC, 16);
  list.Step(high_control >= 0 && high_output >= 0 && high_null >= 0 && high_report >= 0, "move descriptors");
  list.Step(dup2(high_null, 0) == 0 && dup2(high_output, 1) == 1 && dup2(high_output, 2) == 2 &&
                dup2(high_control, 3) == 3,
            "place descriptors");
  list.Step(dup2(high_report, 5) == 5 && fcntl(5, F_SETFD, FD_CLOEXEC) == 0, "keep the report");
  *report = 5;
  close(4);
  CloseFrom(6);
}

void ResetSignals() {
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

void BecomeInterpreter(const ConfigFrame& config, const std::vector<std::string>& environment,
                       const Checklist& list) {
  std::vector<std::string> arguments = {config.interpreter};
  for (const std::string& argument : config.arguments) arguments.push_back(argument);
  arguments.push_back(config.script);
  std::vector<char*> argv = Pointers(arguments), envp = Pointers(environment);
  execve(config.interpreter.c_str(), argv.data(), envp.data());
  list.Fail(errno, "start the interpreter", config.interpreter);
}

}  // namespace coderm
