import type { BackendReport, DeviceReport, ModelHost } from '../model/devices/backends.js';

/** Where models run, for a reader: a name and a text for each device of each backend, and what `--gpu auto` takes. */
export function modelEntries(host: ModelHost): [name: string, text: string][] {
  return [...host.backends.flatMap(backendEntries), ['--gpu auto', autoText(host)]];
}

function backendEntries({ backend, devices, problem, advice }: BackendReport): [string, string][] {
  if (problem !== null)
    return [[backend, `not usable: ${problem}${advice === null ? '' : `; to use it, ${advice}`}`]];
  return devices.map((device, at) => [at === 0 ? backend : '', deviceText(device)]);
}

function deviceText({ name, software, memoryBytes, driver }: DeviceReport): string {
  const { total, free } = memoryBytes;
  return [
    software ? `${name} (software, not a GPU)` : name,
    `${mib(free)} of ${mib(total)} MiB free`,
    ...(driver === null ? [] : [`driver ${driver}`]),
  ].join('; ');
}

function autoText({ auto, problem, backends }: ModelHost): string {
  if (auto === null) return `finds nothing: ${problem ?? 'no backend answers'}`;
  if (auto.backend !== 'cpu') return auto.device;
  const devices = backends.filter(({ backend }) => backend !== 'cpu').flatMap((one) => one.devices);
  if (devices.length === 0) return 'the CPU, since no backend finds a GPU';
  if (devices.every(({ software }) => software))
    return 'the CPU, since no device is a real GPU; --gpu vulkan takes the software one all the same';
  // A library that this engine loads and node-llama-cpp does not, say.
  return 'the CPU, although a GPU is there: name it with --gpu';
}

function mib(bytes: number): string {
  return String(Math.floor(bytes / 2 ** 20));
}
