#include "llama_library.h"

#include <dirent.h>
#include <dlfcn.h>

#include <stdexcept>

#include "log.h"

namespace coderm {
namespace {

bool StartsWith(const std::string& text, const std::string& start) { return text.compare(0, start.size(), start) == 0; }

// The file's name has the backend and the release in it: libllama.cuda.v1.2.3.so, beside libllama-common.so.
std::string FindLibrary(const std::string& folder) {
  std::string found;
  if (DIR* entries = opendir(folder.c_str())) {
    while (const dirent* entry = readdir(entries)) {
      std::string name = entry->d_name;
      bool library = name.find(".so") != std::string::npos || name.find(".dylib") != std::string::npos;
      if (library && StartsWith(name, "libllama.")) found = folder + "/" + name;
    }
    closedir(entries);
  }
  if (found.empty()) throw std::runtime_error("expected libllama in " + folder + ", but there is none");
  return found;
}

template <typename Function>
void Find(void* library, const char* name, Function* function) {
  *function = reinterpret_cast<Function>(dlsym(library, name));
  if (*function == nullptr)
    throw std::runtime_error(std::string("expected the function ") + name + " in llama.cpp's library, but it is missing");
}

}  // namespace

LlamaLibrary LlamaLibrary::Open(const std::string& folder, const std::string& fallback, bool gpu) {
  std::string path = FindLibrary(folder);
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(std::string("llama.cpp's library does not load: ") + dlerror());
  LlamaLibrary llama;
#define CODERM_FIND(name) Find(library, #name, &llama.name);
  CODERM_LLAMA_FUNCTIONS(CODERM_FIND)
#undef CODERM_FIND
  llama.llama_log_set(KeepLog, nullptr);
  llama.ggml_set_abort_callback(SayAbort);
  llama.ggml_backend_load_all_from_path(folder.c_str());
  if (gpu && !llama.HasGpu() && !fallback.empty()) llama.ggml_backend_load_all_from_path(fallback.c_str());
  llama.llama_backend_init();
  return llama;
}

}  // namespace coderm
