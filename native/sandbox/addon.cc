// The border between Node and the launcher: one `Launcher` object is one launcher process. JavaScript sends a
// run and gets frames back through a callback, on its own thread; no call waits for a jail. All state belongs
// to the object, so every worker thread may load this addon.

#include <napi.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>

#include "descriptor.h"
#include "frames.h"
#include "landlock.h"
#include "quietly.h"

namespace coderm {
namespace {

std::vector<std::string> StringsOf(const Napi::Value& value) {
  Napi::Array array = value.As<Napi::Array>();
  std::vector<std::string> strings;
  for (uint32_t i = 0; i < array.Length(); ++i) strings.push_back(Napi::Value(array[i]).As<Napi::String>());
  return strings;
}

uint64_t Count(const Napi::Object& object, const char* name) {
  double value = object.Get(name).As<Napi::Number>().DoubleValue();
  return value > 0 ? static_cast<uint64_t>(value) : 0;
}

ConfigFrame ConfigOf(const Napi::Object& object) {
  ConfigFrame config;
  config.interpreter = object.Get("interpreter").As<Napi::String>();
  config.arguments = StringsOf(object.Get("arguments"));
  config.environment = StringsOf(object.Get("environment"));
  config.script = object.Get("script").As<Napi::String>();
  std::string jail = object.Get("jail").As<Napi::String>();
  for (JailKind kind : {JailKind::kLandlock, JailKind::kSeatbelt}) {
    if (jail == NameOf(kind)) config.jail = kind;
  }
  Napi::Array binds = object.Get("binds").As<Napi::Array>();
  for (uint32_t i = 0; i < binds.Length(); ++i) {
    Napi::Object bind = Napi::Value(binds[i]).As<Napi::Object>();
    config.binds.push_back({bind.Get("source").As<Napi::String>(), bind.Get("target").As<Napi::String>()});
  }
  config.guards_off = StringsOf(object.Get("guardsOff"));
  return config;
}

RunFrame RunOf(const Napi::Object& object) {
  RunFrame run;
  run.id = Count(object, "id");
  run.cells = static_cast<uint32_t>(Count(object, "cells"));
  Napi::Object limits = object.Get("limits").As<Napi::Object>();
  run.limits.cpu_us = Count(limits, "cpuUs");
  run.limits.wall_us = Count(limits, "wallUs");
  run.limits.start_us = Count(limits, "startUs");
  run.limits.memory_bytes = Count(limits, "memoryBytes");
  run.limits.output_bytes = Count(limits, "outputBytes");
  run.limits.processes = Count(limits, "processes");
  run.limits.tmp_bytes = Count(limits, "tmpBytes");
  run.mark = object.Get("mark").As<Napi::String>();
  run.job = object.Get("job").As<Napi::String>();
  return run;
}

Napi::Object ToObject(Napi::Env env, const std::string& body) {
  FrameReader reader(body);
  Napi::Object object = Napi::Object::New(env);
  auto number = [&](const char* name, uint64_t value) { object.Set(name, static_cast<double>(value)); };
  // Output may hold any bytes, so it crosses as a buffer; JavaScript decides how to read it.
  auto bytes = [&](const char* name, const std::string& value) {
    object.Set(name, Napi::Buffer<char>::Copy(env, value.data(), value.size()));
  };
  switch (reader.kind()) {
    case FrameKind::kReady: {
      ReadyFrame frame = DecodeReady(reader);
      object.Set("kind", "ready");
      object.Set("jail", frame.jail);
      object.Set("resources", frame.resources);
      object.Set("user", frame.user);
      return object;
    }
    case FrameKind::kOutcome: {
      OutcomeFrame frame = DecodeOutcome(reader);
      object.Set("kind", "outcome");
      number("id", frame.id);
      static const char* const kLimits[] = {"none", "cpu", "wall", "memory", "output", "events", "cancelled"};
      if (frame.limit >= sizeof kLimits / sizeof *kLimits) throw FrameError("an unknown limit");
      object.Set("limit", kLimits[frame.limit]);
      number("cells", frame.cells);
      object.Set("exitCode", frame.exit_code);
      object.Set("signal", frame.signal);
      object.Set("mayHaveSignalled", frame.may_have_signalled != 0);
      number("cpuUs", frame.cpu_us);
      number("wallUs", frame.wall_us);
      number("outputBytes", frame.output_bytes);
      bytes("output", frame.output);
      bytes("events", frame.events);
      return object;
    }
    case FrameKind::kFault: {
      FaultFrame frame = DecodeFault(reader);
      object.Set("kind", "fault");
      number("id", frame.id);
      object.Set("step", frame.step);
      object.Set("errno", frame.error_number);
      object.Set("error", frame.error_number == 0 ? "" : strerror(frame.error_number));
      bytes("detail", frame.detail);
      return object;
    }
    default:
      throw FrameError("the launcher sent a frame that only it receives");
  }
}

class Launcher : public Napi::ObjectWrap<Launcher> {
 public:
  static void Register(Napi::Env env, Napi::Object exports) {
    exports.Set("Launcher", DefineClass(env, "Launcher",
                                        {InstanceMethod("run", &Launcher::Run),
                                         InstanceMethod("cancel", &Launcher::Cancel),
                                         InstanceMethod("close", &Launcher::Close),
                                         InstanceAccessor("pid", &Launcher::Pid, nullptr)}));
  }

  // new Launcher(executable: string, config: object, onFrame: (frame) => void)
  explicit Launcher(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Launcher>(info) {
    Napi::Env env = info.Env();
    std::string executable = info[0].As<Napi::String>();
    std::string config = Encode(ConfigOf(info[1].As<Napi::Object>()));
    Spawn(env, executable);
    // Two holders: the reader thread until the launcher ends, and this object until it is stopped.
    frames_ = Napi::ThreadSafeFunction::New(env, info[2].As<Napi::Function>(), "coderm sandbox", 0, 2);
    reader_ = std::thread(&Launcher::ReadFrames, control_.get(), pid_, frames_);
    napi_add_env_cleanup_hook(env, &Launcher::CleanUp, this);
    Send(env, config);
  }

  ~Launcher() override {
    if (reader_.joinable()) napi_remove_env_cleanup_hook(Env(), &Launcher::CleanUp, this);
    Stop();
  }

 private:
  // What the reader thread hands over: a frame's body, or why there will be no more.
  struct Message {
    std::string text;
    Napi::ThreadSafeFunction frames;
  };

  void Spawn(Napi::Env env, const std::string& executable) {
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
      throw Napi::Error::New(env, std::string("cannot make a socket pair: ") + strerror(errno));
    Descriptor ours(fds[0]), theirs(fds[1]);
    fcntl(ours.get(), F_SETFD, FD_CLOEXEC);
    fcntl(theirs.get(), F_SETFD, FD_CLOEXEC);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    // Node marks its own close-on-exec, and what the launcher says last would be lost.
    short closing = 0;
#ifdef __APPLE__
    posix_spawn_file_actions_addinherit_np(&actions, 2);
    closing = POSIX_SPAWN_CLOEXEC_DEFAULT;  // nothing else of Node's comes along
#else
    posix_spawn_file_actions_adddup2(&actions, 2, 2);
#endif
    posix_spawn_file_actions_adddup2(&actions, theirs.get(), 3);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    // A group of its own: a signal to the terminal's group is for Node, which then ends the launcher.
    posix_spawnattr_setflags(&attributes, static_cast<short>(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | closing));
    posix_spawnattr_setpgroup(&attributes, 0);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    char* argv[] = {const_cast<char*>("coderm-launcher"), nullptr};
    char* envp[] = {nullptr};
    // posix_spawn shares memory with the caller until the exec (vfork): its cost does not grow with Node.
    int error = posix_spawn(&pid_, executable.c_str(), &actions, &attributes, argv, envp);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error != 0) throw Napi::Error::New(env, "cannot start " + executable + ": " + strerror(error));
    control_ = std::move(ours);
  }

  // On its own thread until the launcher ends. Holds no reference to the object, only what it was given.
  static void ReadFrames(int control, pid_t pid, Napi::ThreadSafeFunction frames) {
    FrameBuffer buffer;
    char bytes[65536];
    std::string reason;
    for (;;) {
      ssize_t count = read(control, bytes, sizeof bytes);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      try {
        buffer.Append(bytes, static_cast<size_t>(count));
        std::string body;
        while (buffer.Next(&body)) {
          auto* message = new Message{std::move(body), frames};
          if (frames.BlockingCall(message, Deliver) != napi_ok) delete message;
        }
      } catch (const FrameError& error) {
        reason = error.what();
        kill(pid, SIGKILL);
        break;
      }
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (reason.empty() && WIFSIGNALED(status)) reason = "ended by signal " + std::to_string(WTERMSIG(status));
    if (reason.empty()) reason = "exited with " + std::to_string(WEXITSTATUS(status));
    auto* message = new Message{reason, frames};
    if (frames.BlockingCall(message, DeliverEnd) != napi_ok) delete message;
    frames.Release();
  }

  static void Deliver(Napi::Env env, Napi::Function callback, Message* message) {
    std::unique_ptr<Message> owned(message);
    HandOver(env, callback, *owned, [&] {
      try {
        return ToObject(env, owned->text);
      } catch (const FrameError& error) {
        return Closed(env, error.what());
      }
    });
  }

  static void DeliverEnd(Napi::Env env, Napi::Function callback, Message* message) {
    std::unique_ptr<Message> owned(message);
    HandOver(env, callback, *owned, [&] { return Closed(env, owned->text); });
  }

  // Calls JavaScript with what `make` makes. A thread that is being ended refuses every call with a Napi::Error:
  // nobody is left to hear it there, and it may not pass through Node's own code.
  template <typename Make>
  static void HandOver(Napi::Env env, Napi::Function callback, const Message& message, Make make) {
    if (env == nullptr) return;
    try {
      // Node may exit when nothing is awaited: the answer to a run, or to the start, is what keeps it.
      message.frames.Unref(env);
      callback.Call({make()});
    } catch (const Napi::Error&) {
    }
  }

  static Napi::Object Closed(Napi::Env env, const std::string& reason) {
    Napi::Object object = Napi::Object::New(env);
    object.Set("kind", "closed");
    object.Set("reason", reason);
    return object;
  }

  void Send(Napi::Env env, const std::string& frame) {
    if (!control_.valid()) throw Napi::Error::New(env, "the launcher is closed");
    for (size_t done = 0; done < frame.size();) {
      ssize_t count = send(control_.get(), frame.data() + done, frame.size() - done, kQuietly);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return;  // the launcher is gone: the reader thread tells
      done += static_cast<size_t>(count);
    }
  }

  void Run(const Napi::CallbackInfo& info) {
    try {
      std::string frame = Encode(RunOf(info[0].As<Napi::Object>()));
      frames_.Ref(info.Env());
      Send(info.Env(), frame);
    } catch (const FrameError& error) {
      throw Napi::RangeError::New(info.Env(), error.what());
    }
  }

  void Cancel(const Napi::CallbackInfo& info) {
    Send(info.Env(), Encode(CancelFrame{static_cast<uint64_t>(info[0].As<Napi::Number>().DoubleValue())}));
  }

  Napi::Value Pid(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), pid_); }

  // Ends the launcher and everything it runs; the callback still gets `closed`.
  void Close(const Napi::CallbackInfo&) {
    if (control_.valid()) shutdown(control_.get(), SHUT_RDWR);
  }

  static void CleanUp(void* self) { static_cast<Launcher*>(self)->Stop(); }

  void Stop() {
    if (!reader_.joinable()) return;
    shutdown(control_.get(), SHUT_RDWR);
    reader_.join();  // the launcher ends at once: it kills what it runs
    frames_.Abort();
    control_.Close();
  }

  pid_t pid_ = -1;
  Descriptor control_;
  Napi::ThreadSafeFunction frames_;
  std::thread reader_;
};

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  Launcher::Register(env, exports);
  exports.Set("landlockAbi", LandlockAbi());
  return exports;
}

}  // namespace
}  // namespace coderm

static Napi::Object InitModule(Napi::Env env, Napi::Object exports) { return coderm::Init(env, exports); }

NODE_API_MODULE(coderm_sandbox, InitModule)
