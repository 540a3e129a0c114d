// macOS has no local sockets that keep messages apart and tell of a dead peer, no files in memory, and no way to ask
// for close-on-exec with a new descriptor. The launcher has one thread, so nothing is forked between two of its lines.

#include <errno.h>
#include <fcntl.h>
#include <libproc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

#include "pipes.h"

namespace coderm {
namespace {

void CloseOnExec(int fd) { fcntl(fd, F_SETFD, FD_CLOEXEC); }

}  // namespace

Ends MakePipe() {
  int fds[2];
  if (pipe(fds) != 0) throw JailFault{"make a pipe", errno};
  for (int fd : fds) CloseOnExec(fd);
  return {Descriptor(fds[0]), Descriptor(fds[1])};
}

void Widen(const Descriptor&) {}

void CloseFrom(int first) {
  std::vector<proc_fdinfo> open(4096);
  int bytes = proc_pidinfo(getpid(), PROC_PIDLISTFDS, 0, open.data(), static_cast<int>(open.size() * sizeof open[0]));
  for (int i = 0; i < bytes / static_cast<int>(sizeof open[0]); ++i) {
    if (open[i].proc_fd >= first) close(open[i].proc_fd);
  }
  if (bytes > 0) return;
  for (int fd = first; fd < 4096; ++fd) close(fd);
}

Sockets MakeSockets() {
  int fds[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) throw JailFault{"make a socket pair", errno};
  for (int fd : fds) CloseOnExec(fd);
  return {Descriptor(fds[0]), Descriptor(fds[1])};
}

// Takes as much as the first line is long, so that nothing needs to be kept between two calls.
ssize_t Receive(const Descriptor& socket, char* text, size_t size, pid_t*, Descriptor*) {
  ssize_t seen = recv(socket.get(), text, size, MSG_PEEK | MSG_DONTWAIT);
  if (seen <= 0) return seen;
  const void* end = memchr(text, '\n', static_cast<size_t>(seen));
  if (end == nullptr && static_cast<size_t>(seen) == size) return 0;  // not a peer of ours
  if (end == nullptr) {
    errno = EAGAIN;
    return -1;
  }
  size_t length = static_cast<size_t>(static_cast<const char*>(end) - text) + 1;
  return recv(socket.get(), text, length, MSG_DONTWAIT) == static_cast<ssize_t>(length)
             ? static_cast<ssize_t>(length) - 1
             : 0;
}

// A file without a name, open for reading only: who has no path to it cannot open it for writing.
Descriptor SealedFile(const std::string& bytes) {
  char path[] = "/private/tmp/coderm-job-XXXXXXXXXXXX";
  Descriptor writer(mkstemp(path));
  if (!writer.valid()) throw JailFault{"make the job's file", errno};
  CloseOnExec(writer.get());
  Descriptor file(open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  int error = errno;
  unlink(path);
  if (!file.valid()) throw JailFault{"open the job's file", error};
  for (size_t done = 0; done < bytes.size();) {
    ssize_t count = write(writer.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0) throw JailFault{"write the job's file", errno};
    done += static_cast<size_t>(count);
  }
  return file;
}

}  // namespace coderm
