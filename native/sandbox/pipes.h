// The channels between the launcher and what runs in a jail.
#pragma once

#include <sys/types.h>

#include <string>

#include "descriptor.h"

namespace coderm {

// Thrown when a jail, or a channel of one, cannot even be asked for.
struct JailFault {
  std::string step;
  int error_number;
};

struct Ends {
  Descriptor read, write;
};

Ends MakePipe();

// Makes room for events, else the child waits for us more often. macOS does that by itself.
void Widen(const Descriptor& pipe);

// Closes every descriptor from this number on.
void CloseFrom(int first);

// Two ends of a local socket for short messages. Linux keeps them apart and says who sent each; on macOS each ends
// with a line feed, and who sends one says so in it (warm.py).
struct Sockets {
  Descriptor ours, theirs;
};

Sockets MakeSockets();

// The next message from the other end, without waiting: its length, 0 at the end, -1 with EAGAIN where none is there.
// `sender` is set where the kernel knows; `handed` becomes the descriptor that came along (Linux).
ssize_t Receive(const Descriptor& socket, char* text, size_t size, pid_t* sender, Descriptor* handed);

// Bytes as a file that nobody can change or grow: no writer has to keep pace with a reader.
Descriptor SealedFile(const std::string& bytes);

}  // namespace coderm
