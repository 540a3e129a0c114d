#include "devices_binding.h"

#include <dirent.h>
#include <dlfcn.h>

#include <string>

#include "llama_library.h"
#include "log.h"

namespace coderm {
namespace {

// Why the library of a backend does not load, in the loader's words; "" where it does or there is none. ggml, which
// loads it first, keeps the reason to itself.
std::string WhyNotLoaded(const std::string& folder, const std::string& backend) {
  std::string start = "libggml-" + backend + ".", found;
  if (DIR* entries = opendir(folder.c_str())) {
    while (const dirent* entry = readdir(entries)) {
      if (std::string(entry->d_name).compare(0, start.size(), start) == 0) found = folder + "/" + entry->d_name;
    }
    closedir(entries);
  }
  if (found.empty() || dlopen(found.c_str(), RTLD_NOW | RTLD_LOCAL) != nullptr) return "";
  const char* error = dlerror();
  return error == nullptr ? "" : error;
}

Napi::Object ToObject(Napi::Env env, const LlamaLibrary& llama, ggml_backend_dev_t device) {
  size_t free = 0, total = 0;
  llama.ggml_backend_dev_memory(device, &free, &total);
  Napi::Object object = Napi::Object::New(env);
  object.Set("name", llama.ggml_backend_dev_description(device));
  object.Set("totalBytes", static_cast<double>(total));
  object.Set("freeBytes", static_cast<double>(free));
  return object;
}

// listDevices(libraryFolder, fallbackFolder, backend): {devices: {name, totalBytes, freeBytes}[], log, unloaded}
Napi::Value ListDevices(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  std::string folder = info[0].As<Napi::String>(), fallback = info[1].As<Napi::String>();
  std::string backend = info[2].As<Napi::String>();
  bool gpu = backend != "cpu";
  try {
    LlamaLibrary llama = LlamaLibrary::Open(folder, fallback, gpu);
    Napi::Array devices = Napi::Array::New(env);
    for (size_t i = 0; i < llama.ggml_backend_dev_count(); ++i) {
      ggml_backend_dev_t device = llama.ggml_backend_dev_get(i);
      enum ggml_backend_dev_type type = llama.ggml_backend_dev_type(device);
      bool is_gpu = type == GGML_BACKEND_DEVICE_TYPE_GPU || type == GGML_BACKEND_DEVICE_TYPE_IGPU;
      if (is_gpu != gpu || (!gpu && type != GGML_BACKEND_DEVICE_TYPE_CPU)) continue;
      devices.Set(devices.Length(), ToObject(env, llama, device));
    }
    Napi::Object found = Napi::Object::New(env);
    found.Set("devices", devices);
    found.Set("log", TakeDeviceLines() + TakeErrors());
    found.Set("unloaded", gpu && devices.Length() == 0 ? WhyNotLoaded(folder, backend) : "");
    return found;
  } catch (const std::exception& error) {
    throw Napi::Error::New(env, error.what());
  }
}

}  // namespace

void RegisterDevices(Napi::Env env, Napi::Object exports) {
  exports.Set("listDevices", Napi::Function::New(env, ListDevices));
}

}  // namespace coderm
