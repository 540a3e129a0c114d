import { Command } from 'commander';
import { makeBundle } from '../../bundle/bundle.js';
import type { BundleManifest } from '../../bundle/manifest.js';
import { openBundle } from '../../bundle/unbundle.js';
import { checkContents } from '../../model/files/import.js';
import { checksum } from '../../model/gguf/checksum.js';
import type { Flags } from '../flags/flags.js';
import { addBundle, addChecksum } from '../flags/models.js';
import { printable } from '../printable.js';
import { stderrProgress } from '../progress-bar.js';
import { printSummary } from '../summary.js';

export function bundleCommand(): Command {
  const command = addBundle(
    new Command('bundle')
      .description(
        'write this engine, what it needs and models into one file, for a machine without a network',
      )
      .argument('<file>', 'the tar file to write')
      .argument('<model...>', 'paths of GGUF files or names of `coderm models`'),
  ).option('--json', 'print JSON');
  return command.action(async (file: string, models: string[]) => {
    const { withGpu, json } = command.opts<Flags>();
    const progress = stderrProgress();
    const manifest = await makeBundle(file, models, { gpu: withGpu === true }, progress);
    const sha256 = await checksum(file, progress);
    if (json) printSummary({ file, sha256, ...manifest });
    else process.stdout.write(printable(`${file}, ${targetText(manifest)}\nsha256 ${sha256}\n`));
  });
}

export function unbundleCommand(): Command {
  const command = addChecksum(
    new Command('unbundle')
      .description('open a bundle into a new folder, after comparing platform, Node, glibc and checksums')
      .argument('<file>', 'a bundle')
      .argument('<folder>', 'a new folder'),
    'not compared',
  ).option('--json', 'print JSON');
  return command.action(async (file: string, folder: string) => {
    const { sha256, json } = command.opts<Flags>();
    const progress = stderrProgress();
    if (sha256 !== undefined) checkContents(file, await checksum(file, progress), sha256);
    const manifest = await openBundle(file, folder, progress);
    if (json) printSummary({ folder, ...manifest });
    else
      process.stdout.write(
        printable(`${folder}/bin/coderm is ready; ${folder}/bin/coderm doctor examines this machine\n`),
      );
  });
}

function targetText({ target: { platform, node, glibc } }: BundleManifest): string {
  return `for ${platform}, Node ${node.split('.')[0]}${glibc === null ? '' : `, glibc ${glibc} or newer`}`;
}
