import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { camelCase } from '../../src/cli/snake-case.js';
import type { Diagnosis } from '../../src/doctor/doctor.js';
import { softwareVulkan } from '../model/gpu/vulkan.js';
import { testPython } from '../sandbox/python.js';
import { temporaryFolder } from '../temporary.js';
import { coderm } from './coderm.js';

// Where models run, as the doctor sees it. Its exit code is about the jail alone.
const doctor = suite('cli: doctor, where models run');
const temporary = temporaryFolder();
const cwd = temporary.path;
const ARGUMENTS = ['doctor', '--python', testPython(), '--workers', '1', '--json'];

async function examined(env: Record<string, string>): Promise<Diagnosis> {
  const { code, stdout, stderr } = await coderm(ARGUMENTS, { cwd, env });
  assert.is(code, 0, stderr);
  return camelCase(JSON.parse(stdout)) as Diagnosis;
}

const vulkan = softwareVulkan();
if (vulkan !== null) {
  doctor('a software device is named, with its memory and driver, and --gpu auto leaves it', async () => {
    const { models, holds } = await examined(vulkan);
    assert.ok(holds);
    assert.equal(
      models.backends.map(({ backend }) => backend),
      ['cuda', 'vulkan', 'cpu'],
    );
    const [, found, cpu] = models.backends;
    assert.equal([found!.installed, found!.loads, found!.problem], [true, true, null]);
    assert.is(found!.package, '@node-llama-cpp/linux-x64-vulkan');
    const [device] = found!.devices;
    assert.match(device!.name, /^llvmpipe/);
    assert.equal([device!.software, device!.driver], [true, 'llvmpipe']);
    assert.ok(device!.memoryBytes.free > 0 && device!.memoryBytes.free <= device!.memoryBytes.total);
    assert.is(cpu!.devices.length, 1);
    assert.is(cpu!.devices[0]!.software, false);
    const real = models.backends[0]!.devices.length > 0;
    if (!real) assert.equal(models.auto, { backend: 'cpu', device: 'cpu' });
  });

  doctor('a driver that aborts when it is loaded is told, and ends nothing', async () => {
    const source = temporary.write(
      'broken.cc',
      '#include <cstdlib>\n__attribute__((constructor)) static void Load() { abort(); }\n',
    );
    const library = join(cwd, 'broken.so');
    execFileSync('c++', ['-shared', '-fPIC', '-o', library, source]);
    const ICD = { library_path: library, api_version: '1.3.0' };
    const driver = temporary.write('broken.json', JSON.stringify({ file_format_version: '1.0.0', ICD }));
    const { models } = await examined({ ...vulkan, VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver });
    const found = models.backends.find(({ backend }) => backend === 'vulkan')!;
    assert.equal([found.loads, found.devices], [false, []]);
    assert.match(found.problem!, /ends its process by SIGABRT/);
    assert.ok(models.auto !== null, 'another backend is chosen');
  });
}

doctor.run();
