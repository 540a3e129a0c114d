import type { GgufInfo } from '../gguf/gguf.js';

/**
 * Theory of operation. llama.cpp's CPU kernels for a matrix change with the number of rows (tokens) of a decode step,
 * and each rounds in its own way. If nothing were done about it, a sample's text would depend on how many lanes were
 * busy beside it. So every step is filled up with idle rows until all its rows go through the same kernels, whatever
 * the number of lanes. `node bench/row-kernels.mjs` shows the borders on the processor at hand.
 */
export interface StepRows {
  /** Rows of a decode step, at least. */
  least: number;
  /** They are a multiple of this. */
  multiple: number;
}

/** GGML's numbers of the types whose kernels change from one row to two: llamafile's matrices, and AMX. */
const BY_TWO = [0, 1, 3, 6, 7, 8, 11, 13, 14, 30, 34, 35];
/** Repacked: four rows at a time go through one kernel, what is left over through another. */
const BY_FOUR: readonly number[] = [2, 10, 12, 20, 39];
/** Repacked on arm64 alone. */
const BY_FOUR_ON_ARM: readonly number[] = [8, 13, 14, 41];
/** Types whose blocks are decoded once for all rows, if there are eight or more (`GGML_IQP_MIN_BATCH`). */
const FROM_EIGHT: readonly number[] = [16, 17, 18, 19, 21, 22, 23, 29];

const ARM = process.arch === 'arm64';

/** The shape of a decode step that keeps all rows of a model with matrices of these types on one side of each border. */
export function stepRows({ matrixTypes }: Pick<GgufInfo, 'matrixTypes'>, arm = ARM): StepRows {
  const some = (types: readonly number[]) => matrixTypes.some((type) => types.includes(type));
  const unknown = matrixTypes.some((type) => ![...BY_TWO, ...BY_FOUR, ...BY_FOUR_ON_ARM].includes(type));
  if (unknown) return { least: 8, multiple: 4 };
  if (some(BY_FOUR) || (arm && some(BY_FOUR_ON_ARM))) return { least: 4, multiple: 4 };
  return { least: 2, multiple: 2 };
}

/** Sequences that a context has for this many lanes: theirs, and those that only fill a step. */
export function filledRows({ least, multiple }: StepRows, lanes: number): number {
  return Math.max(least, Math.ceil(lanes / multiple) * multiple);
}

/**
 * Whether the rows of one step can go through different kernels in spite of that: a mixture of experts sends each
 * expert the rows that choose it, and how many do depends on what is decoded beside them.
 */
export function rowsMatter({ matrixTypes, experts }: Pick<GgufInfo, 'matrixTypes' | 'experts'>): boolean {
  return experts > 0 && matrixTypes.some((type) => FROM_EIGHT.includes(type));
}
