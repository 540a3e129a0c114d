{
  # The same outputs at the same paths as CMakeLists.txt, for machines without CMake.
  "target_defaults": {
    "default_configuration": "Release",
    "cflags_cc": ["-std=c++17", "-Wall", "-Wextra", "-Wno-missing-field-initializers"],
    "cflags_cc!": ["-fno-exceptions"],
    "xcode_settings": {
      "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
      "GCC_ENABLE_CPP_EXCEPTIONS": "YES"
    }
  },
  "variables": {
    "launcher_sources": [
      "native/sandbox/launcher.cc",
      "native/sandbox/supervisor.cc",
      "native/sandbox/warm_interpreter.cc",
      "native/sandbox/signal_notices.cc",
      "native/sandbox/pipes.cc",
      "native/sandbox/jail.cc",
      "native/sandbox/first_process.cc",
      "native/sandbox/process.cc",
      "native/sandbox/namespaces.cc",
      "native/sandbox/mounts.cc",
      "native/sandbox/landlock_jail.cc",
      "native/sandbox/keeper.cc",
      "native/sandbox/private_folder.cc",
      "native/sandbox/unprivileged.cc",
      "native/sandbox/syscall_filter.cc",
      "native/sandbox/system_calls.cc",
      "native/sandbox/host_name.cc",
      "native/sandbox/cgroup.cc",
      "native/sandbox/process_tree.cc",
      "native/sandbox/frames.cc"
    ],
    "macos_launcher_sources": [
      "native/sandbox/launcher.cc",
      "native/sandbox/supervisor.cc",
      "native/sandbox/warm_interpreter.cc",
      "native/sandbox/pipes_macos.cc",
      "native/sandbox/signal_notices_macos.cc",
      "native/sandbox/jail_macos.cc",
      "native/sandbox/first_process.cc",
      "native/sandbox/process_macos.cc",
      "native/sandbox/seatbelt.cc",
      "native/sandbox/private_folder.cc",
      "native/sandbox/cgroup_macos.cc",
      "native/sandbox/process_tree_macos.cc",
      "native/sandbox/frames.cc"
    ]
  },
  "targets": [
    {
      "target_name": "coderm_sandbox",
      "sources": ["native/sandbox/addon.cc", "native/sandbox/frames.cc"],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=9", "NAPI_CPP_EXCEPTIONS"]
    },
    {
      "target_name": "coderm_generator",
      "sources": [
        "native/generator/addon.cc",
        "native/generator/devices_binding.cc",
        "native/generator/llama_library.cc",
        "native/generator/log.cc",
        "native/generator/loop.cc",
        "native/generator/loop_batch.cc",
        "native/generator/loop_binding.cc",
        "native/generator/loop_context.cc",
        "native/generator/loop_lanes.cc",
        "native/generator/runtime.cc",
        "native/generator/sampling_binding.cc",
        "native/generator/sampler.cc",
        "native/generator/sampler_kernels.cc",
        "native/generator/sampling_pool.cc"
      ],
      "include_dirs": [
        "<!(node -p \"require('node-addon-api').include_dir\")",
        "<!(node scripts/llama-headers.mjs)"
      ],
      "defines": ["NAPI_VERSION=9", "NAPI_CPP_EXCEPTIONS"],
      "cflags_cc": ["-ffp-contract=off"],
      "xcode_settings": { "OTHER_CPLUSPLUSFLAGS": ["-ffp-contract=off"] }
    }
  ],
  "conditions": [
    ["OS=='linux'", {
      "targets": [
        {
          "target_name": "coderm-launcher",
          "type": "executable",
          "sources": ["<@(launcher_sources)"]
        },
        {
          "target_name": "coderm-launcher-test",
          "type": "executable",
          "sources": ["<@(launcher_sources)"],
          "defines": ["CODERM_TEST_GUARDS"]
        }
      ]
    }],
    ["OS=='mac'", {
      "targets": [
        {
          "target_name": "coderm-launcher",
          "type": "executable",
          "sources": ["<@(macos_launcher_sources)"]
        }
      ]
    }]
  ]
}
