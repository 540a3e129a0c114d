// The only folder that a Landlock jail may write, seen from outside.
#pragma once

#include <cstdint>
#include <string>

namespace coderm {

// A path below /tmp that nobody can guess; nothing is made.
std::string NewFolderPath();

// What its files take; every entry counts for a page at least. More than `enough` is not counted to the end, and what
// is too deep to be looked at counts as too much.
uint64_t FolderBytes(const std::string& path, uint64_t enough);

// Follows no link. True when it is gone.
bool RemoveFolder(const std::string& path);

}  // namespace coderm
