// Theory of operation. Every source is opened (O_PATH) while the host's tree is still whole; the new root, a
// tmpfs, is then mounted over /tmp, and each source is bound into it through /proc/self/fd, so a source below
// /tmp is found although it is hidden by then, and one below a folder that the jail's user may not enter is
// found too. A bind is remounted read-only in a second call: the kernel ignores the flag in the first one.
// Devices are nodes of the jail's own where it is root who builds it: a lock on one of them is felt in this jail only.
// pivot_root(".", ".") stacks the old root on the new one, and the detach drops it: no folder is needed for it.

#include "mounts.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "descriptor.h"

namespace coderm {
namespace {

constexpr const char* kBase = "/tmp";

struct Device {
  const char* path;
  unsigned number;  // of the kernel's memory devices
};
constexpr unsigned kMemoryDevices = 1;
constexpr Device kDevices[] = {{"/dev/null", 3}, {"/dev/zero", 5}, {"/dev/urandom", 9}};

struct Source {
  Descriptor fd;
  bool folder;
  bool device;
  std::string target;
};

std::vector<Source> OpenSources(const std::vector<Bind>& binds, const Checklist& list) {
  std::vector<Source> sources;
  auto open_one = [&](const std::string& from, const std::string& to, bool device) {
    Descriptor fd(open(from.c_str(), O_PATH | O_CLOEXEC));
    list.Step(fd.valid(), "open a path that the jail shows", from);
    struct stat status;
    list.Step(fstat(fd.get(), &status) == 0, "look at a path that the jail shows", from);
    sources.push_back({std::move(fd), S_ISDIR(status.st_mode), device, to});
  };
  for (const Bind& bind : binds) open_one(bind.source, bind.target, false);
  for (const Device& device : kDevices) open_one(device.path, device.path, true);
  return sources;
}

void MakeFolders(const std::string& path, const Checklist& list) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    std::string folder = path.substr(0, slash);
    list.Step(mkdir(folder.c_str(), 0755) == 0 || errno == EEXIST, "make a folder in the jail", folder);
  }
}

// A mount inherited by a less privileged namespace keeps its locked flags; a remount must repeat them.
unsigned long LockedFlags(const char* path) {
  struct statvfs info;
  if (statvfs(path, &info) != 0) return 0;
  unsigned long flags = 0;
  if (info.f_flag & ST_NOSUID) flags |= MS_NOSUID;
  if (info.f_flag & ST_NODEV) flags |= MS_NODEV;
  if (info.f_flag & ST_NOEXEC) flags |= MS_NOEXEC;
  if (info.f_flag & ST_NOATIME) flags |= MS_NOATIME;
  if (info.f_flag & ST_NODIRATIME) flags |= MS_NODIRATIME;
  if (info.f_flag & ST_RELATIME) flags |= MS_RELATIME;
  return flags;
}

void BindSource(const Source& source, const Guards& guards, const Checklist& list) {
  std::string target = kBase + source.target;
  MakeFolders(target, list);
  if (source.folder) {
    list.Step(mkdir(target.c_str(), 0755) == 0 || errno == EEXIST, "make a mount point", source.target);
  } else {
    Descriptor file(open(target.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
    list.Step(file.valid(), "make a mount point", source.target);
  }
  std::string from = "/proc/self/fd/" + std::to_string(source.fd.get());
  list.Step(mount(from.c_str(), target.c_str(), nullptr, MS_BIND, nullptr) == 0, "bind a path", source.target);
  unsigned long flags = MS_BIND | MS_REMOUNT | MS_NOSUID | LockedFlags(target.c_str());
  if (!source.device) flags |= MS_NODEV;
  if (guards.On("read-only")) flags |= MS_RDONLY;  // a device can be written all the same, its file's times cannot
  list.Step(mount(nullptr, target.c_str(), nullptr, flags, nullptr) == 0, "make a path read-only", source.target);
}

// False where this user may not make nodes, or not open them: then the jail shows those of the host.
bool MakeNodes() {
  for (const Device& device : kDevices) {
    std::string node = kBase + std::string(device.path);
    if (mknod(node.c_str(), S_IFCHR | 0666, makedev(kMemoryDevices, device.number)) != 0) return false;
    if (chmod(node.c_str(), 0666) != 0 || !Descriptor(open(node.c_str(), O_RDWR | O_CLOEXEC)).valid()) return false;
  }
  return true;
}

bool MakeDevices(const std::string& folder, const Checklist& list) {
  list.Step(mkdir(folder.c_str(), 0755) == 0 || errno == EEXIST, "make a folder in the jail", folder);
  if (mount("tmpfs", folder.c_str(), "tmpfs", MS_NOSUID | MS_NOEXEC, "size=4k,nr_inodes=16,mode=755") != 0) return false;
  if (MakeNodes()) return true;
  umount2(folder.c_str(), MNT_DETACH);
  return false;
}

}  // namespace

void EnterRoot(const std::vector<Bind>& binds, uint64_t tmp_bytes, const Guards& guards, const Checklist& list) {
  list.Step(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "make mounts private");
  if (!guards.On("files")) return;
  std::vector<Source> sources = OpenSources(binds, list);

  list.Step(mount("tmpfs", kBase, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,nr_inodes=4096,mode=755") == 0,
            "mount the jail's root", kBase);

  // /tmp comes before the binds: an interpreter of the host's /tmp is bound on top of it.
  std::string tmp = std::string(kBase) + "/tmp";
  list.Step(mkdir(tmp.c_str(), 0777) == 0 || errno == EEXIST, "make /tmp", tmp);
  uint64_t size = guards.On("tmp-size") ? tmp_bytes : uint64_t{1} << 32;
  std::string options = "size=" + std::to_string(size) + ",nr_inodes=4096,mode=1777";
  list.Step(mount("tmpfs", tmp.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) == 0, "mount /tmp");
  std::string dev = std::string(kBase) + "/dev";
  bool own_devices = guards.On("devices") && MakeDevices(dev, list);
  for (const Source& source : sources) {
    if (!source.device || !own_devices) BindSource(source, guards, list);
  }
  // POSIX semaphores live in /dev/shm; they count against /tmp like any file.
  std::string shm = dev + "/shm";
  list.Step(symlink("/tmp", shm.c_str()) == 0, "link /dev/shm");
  unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NOEXEC;
  if (own_devices) list.Step(mount(nullptr, dev.c_str(), nullptr, flags, nullptr) == 0, "make /dev read-only");

  list.Step(chdir(kBase) == 0, "enter the jail's root");
  list.Step(syscall(SYS_pivot_root, ".", ".") == 0, "pivot into the jail's root");
  list.Step(umount2(".", MNT_DETACH) == 0, "let go of the host's root");
  list.Step(chdir("/") == 0, "stand in the jail's root");
  list.Step(mount(nullptr, "/", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, nullptr) == 0,
            "make the jail's root read-only");
  list.Step(chdir("/tmp") == 0, "stand in /tmp");
}

}  // namespace coderm
