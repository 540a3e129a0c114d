// What the process that becomes a jail knows of it.
#pragma once

#include <sys/types.h>

#include <string>

#include "frames.h"
#include "guards.h"

namespace coderm {

struct JailPlan {
  const ConfigFrame& config;
  const CellLimits& limits;
  const Guards& guards;
  bool as_root;  // whether the launcher is root; `user` and `group` are its own
  uid_t user;
  gid_t group;
  uid_t outside_user;  // who the jail becomes when the launcher is root: one id per launcher
  std::string tmp;     // of a Landlock jail: its only writable folder, to be made
  int life;            // of a Landlock jail: closes at the other end when the jail is to end
};

}  // namespace coderm
