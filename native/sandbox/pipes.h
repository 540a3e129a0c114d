// The channels between the launcher and what runs in a jail.
#pragma once

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

// Two ends of a local socket that keeps messages apart and says who sent each (SO_PASSCRED at the first end).
struct Sockets {
  Descriptor ours, theirs;
};

Sockets MakeSockets();

// Bytes as a file that nobody can change or grow: no writer has to keep pace with a reader.
Descriptor SealedFile(const std::string& bytes);

}  // namespace coderm
