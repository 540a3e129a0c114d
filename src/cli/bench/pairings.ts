import { InputError } from '../../error.js';
import { labelled } from '../../evaluate/labelled-matrix.js';
import { type Labels, readLabels } from '../../evaluate/labels.js';
import { openStoredMatrices } from '../../stored-matrix.js';
import type { Flags } from '../flags/flags.js';

/** Stored matrices of one pairing of candidates and tests, with the labels of the candidates. */
export interface NamedPairing {
  name: string;
  found: ReturnType<typeof labelled>;
}

/** Reads the pairings that the flags name, one in memory at a time. */
export async function* eachPairing(flags: Flags): AsyncGenerator<NamedPairing> {
  for (const { name, matrix, labels, untested } of await filesOf(flags)) {
    const stored = await openStoredMatrices(matrix);
    try {
      const found = labelled(stored, labels, untested);
      if (found.matrices.length === 0) {
        throw new InputError(
          `${matrix} and --labels have no task in common whose candidates are all labelled: expected the labels of ` +
            'the candidates that it was executed from.',
        );
      }
      yield { name, found };
    } finally {
      stored.close();
    }
  }
}

interface Pairing {
  name: string;
  matrix: string;
  labels: Labels;
  untested: boolean;
}

/** The files of each pairing. All labels are read before anything is measured. */
async function filesOf(flags: Flags): Promise<Pairing[]> {
  const { matrices, labels, label, untested, pairing = matrices } = flags;
  for (const [flag, given] of [
    ['--labels', labels],
    ['--pairing', pairing],
  ] as const) {
    if (given.length === matrices.length) continue;
    throw new InputError(
      `expected ${flag} once for each --matrices (${matrices.length}), in the same order, got ${given.length}.`,
    );
  }
  for (const [flag, given] of [
    ['--label', label],
    ['--untested', untested],
  ] as const) {
    if (given.length === 1 || given.length === matrices.length) continue;
    throw new InputError(
      `expected ${flag} once, or once for each --matrices (${matrices.length}), got ${given.length}.`,
    );
  }
  const found: Pairing[] = [];
  for (const [at, matrix] of matrices.entries()) {
    const truth = await readLabels([labels[at]!], label[at] ?? label[0]!);
    const how = untested[at] ?? untested[0]!;
    found.push({ name: pairing[at]!, matrix, labels: truth, untested: how === 'count' });
  }
  return found;
}
