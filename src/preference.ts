import { Chance } from './evaluate/chance.js';
import type { RankingLine } from './evaluate/rankings.js';
import { sampleSeed } from './seed.js';

/** Which pairs are worth learning from. */
export interface PreferenceOptions {
  /** The chosen candidate passes at least this share of the votes more than the rejected one; above 0 in any case. */
  margin: number;
  /** Of a problem, at most. */
  pairs: number;
  /** Problems whose choice is less certain give none. */
  minConfidence: number;
  seed: number;
}

/** Two candidates of one problem, of which the first is preferred. */
export interface Preference {
  chosen: number;
  rejected: number;
  /** Share of the votes that the chosen one passes more. */
  margin: number;
}

/**
 * Preference pairs of one problem: the selected candidate, and one candidate each of other behaviours that are ranked
 * below it and pass fewer votes by the margin. Of more behaviours than pairs some are drawn (Target-DPO found a random
 * rejected one to serve best), always the same for the same seed. `behaviour` says by solId what a candidate did on the unit tests;
 * null: unknown, and candidates with equal votes count as one behaviour. No pair where nothing was selected or tested.
 */
export function preferencesOf(
  line: RankingLine,
  behaviour: Readonly<Record<number, string>> | null,
  { margin, pairs, minConfidence, seed }: PreferenceOptions,
): Preference[] {
  const chosen = line.ranking.find(({ solId }) => solId === line.selected);
  if (!chosen || chosen.total === 0 || (line.confidence ?? 1) < minConfidence) return [];
  const behaves = ({ solId, passed }: { solId: number; passed: number }) =>
    behaviour ? (behaviour[solId] ?? '') : String(passed);
  const met = new Set([behaves(chosen)]);
  const rejectable: Preference[] = [];
  for (const other of line.ranking.slice(line.ranking.indexOf(chosen) + 1)) {
    const less = (chosen.passed - other.passed) / chosen.total;
    if (less <= 0 || less < margin || met.has(behaves(other))) continue;
    met.add(behaves(other));
    rejectable.push({ chosen: chosen.solId, rejected: other.solId, margin: less });
  }
  if (rejectable.length <= pairs) return rejectable;
  const drawn = new Set(new Chance(sampleSeed(seed, line.taskId, 0)).shuffled(rejectable).slice(0, pairs));
  return rejectable.filter((pair) => drawn.has(pair));
}

/** `text`: strings; `chat`: lists of messages, to which a trainer applies the model's chat template. */
export const PREFERENCE_FORMS = ['text', 'chat'] as const;
export type PreferenceForm = (typeof PREFERENCE_FORMS)[number];

/**
 * A pair as TRL's preference format (`prompt`, `chosen`, `rejected` and nothing else), standard or conversational. The
 * programs are answers to the prompt: each in a markdown code block.
 */
export function preferenceLine(
  prompt: string,
  chosen: string,
  rejected: string,
  form: PreferenceForm,
): Record<string, unknown> {
  const [good, bad] = [chosen, rejected].map((program) => `\`\`\`python\n${program.trim()}\n\`\`\``);
  if (form === 'text') return { prompt, chosen: good, rejected: bad };
  const message = (role: string, content: string | undefined) => [{ role, content }];
  return {
    prompt: message('user', prompt),
    chosen: message('assistant', good),
    rejected: message('assistant', bad),
  };
}
