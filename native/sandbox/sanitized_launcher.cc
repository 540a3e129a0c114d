// Linked into the launchers of the sanitised build only (CODERM_SANITIZE), in front of two calls of libc.
//
// AddressSanitizer maps terabytes of address space, far over the limits of memory that a jail's child sets for
// itself a few steps before it becomes Python: from there on every mmap fails, and with it, now and then, the
// allocation of a short string. So these two limits wait for the exec, which is the last of those steps. Python
// runs under the limits of the product: exec gives it an address space of its own, without a sanitiser.

#include <sys/resource.h>
#include <unistd.h>

namespace {

struct LateLimit {
  __rlimit_resource resource;
  rlimit limit;
  bool wanted;
};

LateLimit late_limits[] = {{RLIMIT_AS, {}, false}, {RLIMIT_DATA, {}, false}};

}  // namespace

extern "C" {

int __real_setrlimit(__rlimit_resource_t resource, const rlimit* limit);
int __real_execve(const char* path, char* const argv[], char* const envp[]);

int __wrap_setrlimit(__rlimit_resource_t resource, const rlimit* limit) {
  for (LateLimit& late : late_limits) {
    if (late.resource != resource) continue;
    late.limit = *limit;
    late.wanted = true;
    return 0;
  }
  return __real_setrlimit(resource, limit);
}

int __wrap_execve(const char* path, char* const argv[], char* const envp[]) {
  for (const LateLimit& late : late_limits) {
    if (late.wanted && __real_setrlimit(late.resource, &late.limit) != 0) return -1;
  }
  return __real_execve(path, argv, envp);
}

}  // extern "C"
