#include "pipes.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

namespace coderm {
namespace {

constexpr int kPipeBytes = 1 << 20;

}  // namespace

Ends MakePipe() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) throw JailFault{"make a pipe", errno};
  return {Descriptor(fds[0]), Descriptor(fds[1])};
}

void Widen(const Descriptor& pipe) { fcntl(pipe.get(), F_SETPIPE_SZ, kPipeBytes); }

void CloseFrom(int first) {
  if (syscall(SYS_close_range, static_cast<unsigned>(first), ~0u, 0u) == 0) return;
  for (int fd = first; fd < 4096; ++fd) close(fd);
}

Sockets MakeSockets() {
  int fds[2], yes = 1;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0) throw JailFault{"make a socket pair", errno};
  Sockets sockets{Descriptor(fds[0]), Descriptor(fds[1])};
  if (setsockopt(fds[0], SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes) != 0) throw JailFault{"ask for senders", errno};
  return sockets;
}

ssize_t Receive(const Descriptor& socket, char* text, size_t size, pid_t* sender, Descriptor* handed) {
  iovec data = {text, size};
  alignas(cmsghdr) char space[CMSG_SPACE(sizeof(ucred)) + CMSG_SPACE(sizeof(int))] = {};
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = space;
  message.msg_controllen = sizeof space;
  ssize_t count = recvmsg(socket.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); count > 0 && header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_CREDENTIALS) {
      ucred credentials;
      memcpy(&credentials, CMSG_DATA(header), sizeof credentials);
      *sender = credentials.pid;
    }
    if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
      int fd;
      memcpy(&fd, CMSG_DATA(header), sizeof fd);
      *handed = Descriptor(fd);
    }
  }
  return count;
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
