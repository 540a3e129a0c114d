// Prints the folder of llama.cpp's headers, for CMakeLists.txt and binding.gyp. They are taken out of the source
// bundle that node-llama-cpp carries, so that they are those of the very library that its packages ship; release.h
// beside them has the bundle's release, which is checked against the library's own when that is loaded.
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fromSource } from './llama-source.mjs';

const HEADERS = [
  'include/llama.h',
  ...['ggml', 'ggml-alloc', 'ggml-backend', 'ggml-cpu', 'ggml-opt', 'gguf'].map(
    (name) => `ggml/include/${name}.h`,
  ),
];

const folder = fromSource('llama.cpp', (include, git, release) => {
  for (const header of HEADERS) writeFileSync(join(include, basename(header)), git('show', `HEAD:${header}`));
  writeFileSync(
    join(include, 'release.h'),
    `// The release of llama.cpp that these headers are of.\n#define CODERM_LLAMA_RELEASE "${release}"\n`,
  );
});
console.log(folder);
