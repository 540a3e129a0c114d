import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Version of NVIDIA's driver, or null where its own tool does not say. */
export async function gpuDriver(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', [
      '--query-gpu=driver_version',
      '--format=csv,noheader',
    ]);
    return stdout.split('\n')[0]?.trim() || null;
  } catch {
    return null;
  }
}
