// Theory of operation. What the profile does not name is denied: network, Mach services, shared memory, preferences,
// devices, other processes. Paths enter it as parameters, never as text, so that no name of a folder can end a rule
// and begin another. Of the rights to write, those to change modes, owners, flags and times are left out: a file that
// is marked immutable could not be taken away again. The folder itself may not be written either: in its place could
// stand a link by then.
// Stopping a child from starting processes is no rule of the profile, which also holds for the interpreter that must:
// it is the limit of processes, 0 for a child (warm.py).

#include "seatbelt.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/clonefile.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "descriptor.h"

// In libSystem, and what browsers use; in no header.
extern "C" int sandbox_init_with_parameters(const char* profile, uint64_t flags, const char* const parameters[],
                                            char** error);

namespace coderm {
namespace {

constexpr const char* kProfile = R"((version 1)
(deny default)
(allow process-fork)
(allow signal (target self))
(allow process-info* (target self))
(allow sysctl-read
  (sysctl-name "hw.activecpu") (sysctl-name "hw.byteorder") (sysctl-name "hw.cachelinesize")
  (sysctl-name "hw.cpufamily") (sysctl-name "hw.cputype") (sysctl-name "hw.logicalcpu") (sysctl-name "hw.machine")
  (sysctl-name "hw.memsize") (sysctl-name "hw.ncpu") (sysctl-name "hw.pagesize") (sysctl-name "hw.pagesize_compat")
  (sysctl-name "hw.physicalcpu") (sysctl-name "kern.argmax") (sysctl-name "kern.osproductversion")
  (sysctl-name "kern.osrelease") (sysctl-name "kern.ostype") (sysctl-name "kern.osvariant_status")
  (sysctl-name "kern.osversion") (sysctl-name "kern.secure_kernel") (sysctl-name "kern.usrstack64")
  (sysctl-name "kern.version") (sysctl-name "sysctl.proc_cputype"))
(allow file-read-metadata)
(allow file-read-data (literal "/"))
(allow file-read* file-map-executable
  (subpath "/usr/lib") (subpath "/System/Library") (subpath "/System/Cryptexes")
  (subpath "/System/Volumes/Preboot/Cryptexes"))
(allow file-read* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/random") (literal "/dev/urandom"))
(allow file-write-data (literal "/dev/null") (literal "/dev/zero"))
(allow file-read* (subpath (param "TMP")))
(allow file-write-create file-write-data file-write-unlink
  (require-all (subpath (param "TMP")) (require-not (literal (param "TMP")))))
)";

std::string RealPath(const std::string& path, const Checklist& list) {
  char real[PATH_MAX];
  list.Step(realpath(path.c_str(), real) != nullptr, "find a path that the jail shows", path);
  return real;
}

// Errors other than these two say that something else stood in the way.
bool Refused() { return errno == EPERM || errno == EACCES; }

bool NetworkIsClosed() {
  Descriptor probe(socket(AF_INET, SOCK_DGRAM, 0));
  if (!probe.valid()) return Refused();
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return connect(probe.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 && Refused();
}

// As a child will be (warm.py): the limit cannot be raised again, and the kernel looks at it before every fork.
bool ChildrenStartNothing() {
  pid_t child = fork();
  if (child == 0) {
    rlimit none = {0, 0};
    if (setrlimit(RLIMIT_NPROC, &none) != 0) _exit(1);
    pid_t grandchild = fork();
    if (grandchild == 0) _exit(0);
    if (grandchild > 0) waitpid(grandchild, nullptr, 0);
    _exit(grandchild < 0 && errno == EAGAIN ? 0 : 1);
  }
  int status = 1;
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

// With a file of the same user in the same file system: nothing but the profile is in the way.
void TryFiles(const std::string& interpreter, const std::string& tmp, const Checklist& list) {
  std::string outside = OutsideOf(tmp), inside = tmp + "/inside";
  const char* from = outside.c_str();
  const char* to = inside.c_str();
  list.Step(open(from, O_RDONLY | O_CLOEXEC) < 0 && Refused(), "hide the host's files");
  list.Step(open(from, O_WRONLY | O_CLOEXEC) < 0 && Refused(), "keep the host's files");
  list.Step(unlink(from) != 0 && Refused(), "keep the names of the host's files");
  // The profile goes by paths: a second name in the jail's folder would be a way in.
  list.Step(link(from, to) != 0 && Refused(), "refuse links to the host's files");
  list.Step(link(interpreter.c_str(), to) != 0, "refuse links to what the jail shows");
  list.Step(rename(from, to) != 0 && Refused(), "refuse to move the host's files");
  list.Step(clonefile(from, to, 0) != 0 && Refused(), "refuse to clone the host's files");
  list.Step(mkdir((outside + "-new").c_str(), 0700) != 0 && Refused(), "keep writes in the jail's folder");
  list.Step(rmdir(tmp.c_str()) != 0 && Refused(), "keep the jail's folder", tmp);
  Descriptor own(open(to, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  list.Step(own.valid() && unlink(to) == 0, "write in the jail's folder", inside);
}

void TryTheWalls(const std::string& interpreter, const std::string& tmp, const Checklist& list) {
  TryFiles(interpreter, tmp, list);
  list.Step(kill(getppid(), 0) != 0 && Refused(), "keep signals in the jail");
  list.Step(NetworkIsClosed(), "close the network");
  list.Step(ChildrenStartNothing(), "keep children from starting processes");
}

}  // namespace

std::string OutsideOf(const std::string& tmp) { return tmp + "-outside"; }

void EnterSeatbelt(const ConfigFrame& config, const std::string& tmp, const Checklist& list) {
  std::string outside = OutsideOf(tmp);
  Descriptor file(open(outside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  list.Step(file.valid(), "make a file to try the walls with", outside);
  file.Close();
  std::string profile = kProfile;
  std::vector<std::string> parameters = {"TMP", tmp};
  for (size_t i = 0; i < config.binds.size(); ++i) {
    std::string name = "SHOWN_" + std::to_string(i);
    profile += "(allow file-read* file-map-executable process-exec (subpath (param \"" + name + "\")))\n";
    parameters.push_back(name);
    parameters.push_back(RealPath(config.binds[i].source, list));
  }
  std::vector<const char*> pairs;
  for (const std::string& text : parameters) pairs.push_back(text.c_str());
  pairs.push_back(nullptr);
  char* error = nullptr;
  if (sandbox_init_with_parameters(profile.c_str(), 0, pairs.data(), &error) != 0)
    list.Fail(errno, "enter Seatbelt", error != nullptr ? error : "");
  TryTheWalls(config.interpreter, tmp, list);
}

}  // namespace coderm
