// Descriptors to another process.
#pragma once

#include <string.h>
#include <sys/socket.h>

#include <array>
#include <string>

#include "quietly.h"

namespace coderm {

// Sends them over a local socket, with a text that is not empty. False with errno set where the other end cannot be reached.
template <size_t count>
bool HandOver(int socket, const std::string& text, const std::array<int, count>& fds) {
  iovec data = {const_cast<char*>(text.data()), text.size()};
  alignas(cmsghdr) char space[CMSG_SPACE(sizeof fds)] = {};
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = space;
  message.msg_controllen = sizeof space;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof fds);
  memcpy(CMSG_DATA(header), fds.data(), sizeof fds);
  return sendmsg(socket, &message, kQuietly) == static_cast<ssize_t>(text.size());
}

}  // namespace coderm
