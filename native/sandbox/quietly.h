// How a socket is written to whose other end may be gone: with an error, not with a signal.
#pragma once

#include <sys/socket.h>

namespace coderm {

#ifdef __linux__
constexpr int kQuietly = MSG_NOSIGNAL;
#else
constexpr int kQuietly = 0;  // Node and the launcher ignore SIGPIPE; younger than some macOS
#endif

}  // namespace coderm
