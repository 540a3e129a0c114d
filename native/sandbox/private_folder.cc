// Untrusted code fills the folder while it is looked at: every step goes from an open folder to an entry of it,
// follows no link, and opens a folder that was made to be closed to us by giving its owner, whom we are or outrank,
// the rights back.

#include "private_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "descriptor.h"
#include "pipes.h"

namespace coderm {
namespace {

constexpr uint64_t kPageBytes = 4096;
constexpr int kDeepest = 64;

#ifdef __linux__
constexpr const char* kPlace = "/tmp/coderm-";

void GiveRightsBack(int parent, const char* name) {
  // By descriptor: under the name a link may stand by now.
  Descriptor closed(openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (closed.valid()) chmod(("/proc/self/fd/" + std::to_string(closed.get())).c_str(), 0700);
}
#else
constexpr const char* kPlace = "/private/tmp/coderm-";  // a wall of macOS knows real paths only

void GiveRightsBack(int parent, const char* name) { fchmodat(parent, name, 0700, AT_SYMLINK_NOFOLLOW); }
#endif

int OpenFolder(int parent, const char* name) {
  constexpr int kFlags = O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  int fd = openat(parent, name, O_RDONLY | kFlags);
  if (fd >= 0 || errno != EACCES) return fd;
  GiveRightsBack(parent, name);
  return openat(parent, name, O_RDONLY | kFlags);
}

bool IsDots(const char* name) { return strcmp(name, ".") == 0 || strcmp(name, "..") == 0; }

uint64_t Bytes(int parent, const char* name, uint64_t enough, int depth) {
  int fd = OpenFolder(parent, name);
  DIR* folder = fd >= 0 ? fdopendir(fd) : nullptr;
  if (folder == nullptr) {
    bool there = errno != ENOENT && errno != ENOTDIR && errno != ELOOP;
    if (fd >= 0) close(fd);
    return there ? enough + 1 : 0;
  }
  uint64_t bytes = 0;
  while (dirent* entry = readdir(folder)) {
    if (IsDots(entry->d_name)) continue;
    struct stat status;
    if (fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    uint64_t size = (static_cast<uint64_t>(status.st_size) + kPageBytes - 1) / kPageBytes * kPageBytes;
    // Neither holes in a file nor what the file system keeps beside it is counted.
    bytes += std::max(kPageBytes, std::min(size, static_cast<uint64_t>(status.st_blocks) * 512));
    if (S_ISDIR(status.st_mode) && bytes <= enough)
      bytes += depth == 0 ? enough + 1 : Bytes(fd, entry->d_name, enough - bytes, depth - 1);
    if (bytes > enough) break;
  }
  closedir(folder);
  return bytes;
}

}  // namespace

std::string NewFolderPath() {
  uint64_t random[2];
  if (getentropy(random, sizeof random) != 0) throw JailFault{"name the jail's folder", errno};
  static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
  std::string path = kPlace;
  for (uint64_t half : random) {
    for (int i = 0; i < 8; ++i) path.push_back(digits[half >> (8 * i) & 31]);
  }
  return path;
}

uint64_t FolderBytes(const std::string& path, uint64_t enough) {
  return Bytes(AT_FDCWD, path.c_str(), enough, kDeepest);
}

// A tree may be deeper than there are descriptors or stack: a folder in a folder is moved up before it is emptied.
bool RemoveFolder(const std::string& path) {
  int top = OpenFolder(AT_FDCWD, path.c_str());
  if (top < 0) return errno == ENOENT;
  uint64_t moved = 0;
  for (bool found = true; found;) {
    found = false;
    DIR* folder = fdopendir(dup(top));
    if (folder == nullptr) break;
    rewinddir(folder);
    while (dirent* entry = readdir(folder)) {
      if (IsDots(entry->d_name)) continue;
      if (unlinkat(top, entry->d_name, 0) == 0 || unlinkat(top, entry->d_name, AT_REMOVEDIR) == 0) continue;
      int fd = OpenFolder(top, entry->d_name);
      DIR* below = fd >= 0 ? fdopendir(fd) : nullptr;
      if (below == nullptr) continue;
      while (dirent* inner = readdir(below)) {
        if (IsDots(inner->d_name) || unlinkat(fd, inner->d_name, 0) == 0) continue;
        Descriptor(OpenFolder(fd, inner->d_name));  // only what we may write can be moved
        std::string name = ".moved-" + std::to_string(moved++);
        found = renameat(fd, inner->d_name, top, name.c_str()) == 0 || found;
      }
      closedir(below);
      found = unlinkat(top, entry->d_name, AT_REMOVEDIR) == 0 || found;
    }
    closedir(folder);
  }
  close(top);
  return rmdir(path.c_str()) == 0 || errno == ENOENT;
}

}  // namespace coderm
