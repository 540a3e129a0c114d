import { join } from 'node:path';
import { HARNESS_IN_JAIL } from '../src/sandbox/harness.js';
import { Sandbox } from '../src/sandbox/sandbox.js';
import { DEFAULT_LIMITS } from '../src/verdict.js';
import { HOSTILE_FAMILIES } from './hostile-responses.js';
import { root } from './root.js';
import { testPython } from './sandbox/python.js';

// What the harness's reader spends on hostile texts, measured in a jail: CPU time of the process that reads.

export interface ReadingCost {
  /** How the text was read, such as `response, cut off`. */
  reading: string;
  characters: number;
  cpuS: number;
  /** Characters that the parser was given, the same ones counted each time. */
  parsed: number;
  drop: string | null;
}

const READINGS: Record<string, (text: string) => object> = {
  response: (text) => responses('salvage', text, false),
  'response, cut off': (text) => responses('salvage', text, true),
  'response, by the authors’ rules': (text) => responses('paper', `\`\`\`python\n${text}\n\`\`\`\n`, false),
  'given test': (text) => ({ kind: 'tests', texts: [text] }),
  candidate: (text) => ({ kind: 'programs', texts: [text] }),
  'CodeT sample': (text) => ({ kind: 'asserts', entry_point: 'f', samples: [text] }),
};

const responses = (mode: string, text: string, cut: boolean) => ({
  kind: 'responses',
  ...{ mode, entry_point: 'f', defined: ['f'], responses: [{ text, cut }] },
});

const LIMITS = { ...DEFAULT_LIMITS, cpuMs: 600_000, wallMs: 1_800_000, memoryMiB: 2048 };

/** Reads the texts of every family that the pattern matches, at each length, in every way; `together`: so many in one jail. */
export async function* readingCosts(
  lengths: readonly number[],
  pattern = /(?:)/,
  together = 1,
): AsyncGenerator<{ name: string; costs: ReadingCost[] }> {
  const names = Object.keys(HOSTILE_FAMILIES).filter((name) => pattern.test(name));
  const sandbox = await Sandbox.open({ python: testPython(), workers: 1 });
  try {
    for (let at = 0; at < names.length; at += together) {
      yield* await measured(names.slice(at, at + together), lengths, sandbox);
    }
  } finally {
    await sandbox.close();
  }
}

async function measured(names: readonly string[], lengths: readonly number[], sandbox: Sandbox) {
  const readings = names.flatMap((name) =>
    lengths.flatMap((characters) => {
      const text = HOSTILE_FAMILIES[name]!(characters).slice(0, characters);
      return Object.entries(READINGS).map(([reading, request]) => ({
        ...{ name, reading, characters, request: request(text) },
      }));
    }),
  );
  const result = await sandbox.runScript({
    folder: join(root, 'test', 'fixtures'),
    name: 'extraction_cpu.py',
    request: { harness: HARNESS_IN_JAIL, rows: readings.map(({ request }) => request) },
    limits: LIMITS,
  });
  if ('ended' in result) throw new Error(`${names.join(', ')}: ${result.ended}`);
  const rows = result.answer as { cpu_s: number; parsed: number; answer: { drop?: string } | null }[];
  const costs = rows.map(({ cpu_s, parsed, answer }, at) => {
    const { name, reading, characters } = readings[at]!;
    return { name, cost: { reading, characters, cpuS: cpu_s, parsed, drop: answer?.drop ?? null } };
  });
  return names.map((name) => ({
    name,
    costs: costs.filter((one) => one.name === name).map(({ cost }): ReadingCost => cost),
  }));
}
