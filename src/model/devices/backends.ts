import { freemem, totalmem } from 'node:os';
import { BUILD_COMMAND } from '../../native-file.js';
import type { BackendStamp } from '../llama/backend.js';
import type { ListedDevices } from '../native/addon.js';
import { generatorProblem } from '../native/addon.js';
import { backendPackages } from '../native/library.js';
import { isSoftwareDevice } from './device.js';
import { type ProbeAnswer, probe } from './probe.js';

type BackendName = BackendStamp['backend'];

/** Something that a backend can run on. */
export interface DeviceReport {
  name: string;
  /** The processor in a GPU's place: never chosen by `--gpu auto`. */
  software: boolean;
  memoryBytes: { total: number; free: number };
  /** Null where the backend does not say. */
  driver: string | null;
}

/** What one backend of llama.cpp finds here. */
export interface BackendReport {
  backend: BackendName;
  /** The package of node-llama-cpp that carries it. */
  package: string;
  installed: boolean;
  loads: boolean;
  devices: DeviceReport[];
  /** Why models cannot run on it; null if they can. */
  problem: string | null;
  /** What to do about it. */
  advice: string | null;
}

/** Where models run on this machine. */
export interface ModelHost {
  backends: BackendReport[];
  /** What `--gpu auto` takes; null if it finds nothing. */
  auto: { backend: BackendName; device: string } | null;
  /** Why `--gpu auto` finds nothing. */
  problem: string | null;
}

/** Looks at every backend, each in a process of its own; throws nothing that a driver is to blame for. */
export async function examineBackends(
  driverOf: (backend: BackendName) => Promise<string | null>,
  signal?: AbortSignal,
): Promise<ModelHost> {
  const packages = backendPackages();
  const broken = generatorProblem(); // it is what asks, so without it no backend can answer
  const ask = (backend: BackendName) => (broken === null ? probe(backend, signal) : unasked(broken));
  const [auto, ...backends] = await Promise.all([
    probe('auto', signal),
    ...packages.map(async ({ backend, name, installed }): Promise<BackendReport> => {
      const answer = installed ? await ask(backend) : null;
      return reportOf(backend, name, answer, await driverOf(backend));
    }),
  ]);
  if (auto.kind === 'auto')
    return { backends, auto: { backend: auto.backend, device: auto.device }, problem: null };
  return { backends, auto: null, problem: auto.kind === 'failed' ? auto.reason : null };
}

function unasked(reason: string): ProbeAnswer {
  return { kind: 'failed', reason, advice: `run \`${BUILD_COMMAND}\`` };
}

/** @param answer null where the package is not installed */
export function reportOf(
  backend: BackendName,
  name: string,
  answer: ProbeAnswer | null,
  driver: string | null,
): BackendReport {
  const none = { backend, package: name, installed: answer !== null, loads: false, devices: [] };
  if (answer === null) {
    const advice = 'run `npm install --include=optional`';
    return { ...none, problem: `its package ${name} is not installed`, advice };
  }
  if (answer.kind !== 'devices') {
    const problem = answer.kind === 'failed' ? answer.reason : 'it gives no devices';
    const advice = (answer.kind === 'failed' && answer.advice) || ADVICE[backend];
    return { ...none, problem, advice };
  }
  if (answer.unloaded !== '') {
    return { ...none, problem: `its library does not load: ${answer.unloaded}`, advice: ADVICE[backend] };
  }
  const devices = answer.devices.map((device, at) => deviceReport(backend, device, answer.log, at, driver));
  const found = { ...none, loads: true, devices };
  if (devices.length > 0) return { ...found, problem: null, advice: null };
  return { ...found, problem: 'its library loads but finds no device', advice: ADVICE[backend] };
}

const ADVICE: Readonly<Record<BackendName, string>> = {
  cuda: "install NVIDIA's driver and CUDA's runtime libraries (libcudart, libcublas), or name their folder in LD_LIBRARY_PATH",
  vulkan: "install Vulkan's loader and the GPU's driver (Debian: libvulkan1 and mesa-vulkan-drivers)",
  metal: 'run on a Mac with Apple silicon',
  cpu: 'run `npm install` again so that node-llama-cpp brings its binaries',
};

function deviceReport(
  backend: BackendName,
  { name, totalBytes, freeBytes }: ListedDevices['devices'][number],
  log: string,
  at: number,
  driver: string | null,
): DeviceReport {
  // ggml says of the CPU's memory only how much there is.
  const memoryBytes =
    backend === 'cpu' ? { total: totalmem(), free: freemem() } : { total: totalBytes, free: freeBytes };
  const own = backend === 'vulkan' ? vulkanDriver(log, at, name) : driver;
  return { name, software: backend !== 'cpu' && isSoftwareDevice(name), memoryBytes, driver: own };
}

/** `ggml_vulkan: 0 = NVIDIA GeForce RTX 4090 (NVIDIA) | uma: 0 | …`: names and drivers may have parentheses too. */
function vulkanDriver(log: string, at: number, name: string): string | null {
  const start = `ggml_vulkan: ${at} = ${name} (`;
  const line = log.split('\n').find((one) => one.startsWith(start));
  return line === undefined ? null : (/^(.*?)\) \| /.exec(line.slice(start.length))?.[1] ?? null);
}
