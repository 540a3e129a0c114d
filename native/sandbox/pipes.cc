#include "pipes.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace coderm {

Ends MakePipe() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) throw JailFault{"make a pipe", errno};
  return {Descriptor(fds[0]), Descriptor(fds[1])};
}

Sockets MakeSockets() {
  int fds[2], yes = 1;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0) throw JailFault{"make a socket pair", errno};
  Sockets sockets{Descriptor(fds[0]), Descriptor(fds[1])};
  if (setsockopt(fds[0], SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes) != 0) throw JailFault{"ask for senders", errno};
  return sockets;
}

Descriptor SealedFile(const std::string& bytes) {
  Descriptor file(static_cast<int>(syscall(SYS_memfd_create, "job", MFD_CLOEXEC | MFD_ALLOW_SEALING)));
  if (!file.valid()) throw JailFault{"make the job's file", errno};
  for (size_t done = 0; done < bytes.size();) {
    ssize_t count = write(file.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0) throw JailFault{"write the job's file", errno};
    done += static_cast<size_t>(count);
  }
  lseek(file.get(), 0, SEEK_SET);
  if (fcntl(file.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
    throw JailFault{"seal the job's file", errno};
  return file;
}

}  // namespace coderm
