import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const DRIVER_FOLDERS = ['/usr/share', '/usr/local/share', '/etc'].map((folder) =>
  join(folder, 'vulkan/icd.d'),
);
const LOADER_FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib', '/usr/local/lib'];

/**
 * The environment in which llama.cpp takes Mesa's software Vulkan for a GPU, whatever GPU is really there. Null, with the
 * reason said, where it is not installed; in CI that is a failure.
 */
export function softwareVulkan(): Record<string, string> | null {
  const driver = softwareDriver();
  const loader = LOADER_FOLDERS.some((folder) => existsSync(join(folder, 'libvulkan.so.1')));
  if (process.platform === 'linux' && process.arch === 'x64' && driver !== null && loader)
    return { VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver, GGML_VK_VISIBLE_DEVICES: '0' };
  const needed =
    "Mesa's software Vulkan on Linux, x86-64 (Debian's packages mesa-vulkan-drivers and libvulkan1)";
  if (process.env.CI) throw new Error(`expected ${needed}, and it is not here`);
  process.stderr.write(`  skipped: needs ${needed}, which is not here\n`);
  return null;
}

function softwareDriver(): string | null {
  for (const folder of DRIVER_FOLDERS) {
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const name = names.find((one) => /^lvp_icd.*\.json$/.test(one) && !one.includes('i686'));
    if (name !== undefined) return join(folder, name);
  }
  return null;
}
