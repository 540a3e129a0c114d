import { parts } from './difficulty.js';
import { meanOf } from './interval.js';

/** What was said of a problem beforehand, and what came of it; both 0 to 1. */
export interface Judged {
  predicted: number;
  /** The chance that the choice is right: 0 or 1, between them where tied candidates differ. */
  right: number;
}

/** Problems whose prediction is in one range. Keys are those of the report's JSON. */
export interface ReliabilityBin {
  /** The range: `from` belongs to it, `to` only in the last one. */
  from: number;
  to: number;
  problems: number;
  /** Means of the predictions, and of what came of them. */
  predicted: number;
  actual: number;
  /** Wilson's 95% interval: unlike a bootstrap it is not empty where all problems went one way. */
  actual_low: number;
  actual_high: number;
}

const WIDTHS = 10;
const SIZES = 5;
const Z = 1.96;

/**
 * How far predictions can be believed. Null without one.
 *
 *     Brier = mean of r(1 − p)² + (1 − r)p²
 *     expected calibration error = Σ over the ten bins of n_b / n · |actual_b − predicted_b|
 *
 * p the prediction, r the chance of being right, n_b of n problems in bin b.
 */
export function calibrationOf(judged: readonly Judged[]) {
  if (judged.length === 0) return null;
  const ordered = [...judged].sort((a, b) => a.predicted - b.predicted);
  const reliability = reliabilityOf(judged);
  return {
    problems: judged.length,
    area_under_curve: separation(ordered),
    brier: meanOf(
      judged.map(({ predicted, right }) => right * (1 - predicted) ** 2 + (1 - right) * predicted ** 2),
    ),
    expected_calibration_error: calibrationError(reliability),
    /** Five parts of nearly equal size, the lowest predictions first. */
    bins: parts(ordered, SIZES).map((bin) => ({ problems: bin.length, ...means(bin) })),
    reliability,
  };
}

export type Calibration = NonNullable<ReturnType<typeof calibrationOf>>;

/** Ten ranges of equal width; those without a problem are left out. */
export function reliabilityOf(judged: readonly Judged[]): ReliabilityBin[] {
  const tenthOf = ({ predicted }: Judged) => Math.min(WIDTHS - 1, Math.floor(predicted * WIDTHS));
  return Array.from({ length: WIDTHS }, (_, tenth) => judged.filter((one) => tenthOf(one) === tenth)).flatMap(
    (bin, tenth) => {
      const { predicted, actual } = means(bin);
      return bin.length === 0 ? [] : [reliabilityBin(tenth, bin.length, predicted, actual)];
    },
  );
}

/** The range that is so many tenths from 0, with its interval. */
export function reliabilityBin(
  tenth: number,
  problems: number,
  predicted: number,
  actual: number,
): ReliabilityBin {
  const [actual_low, actual_high] = wilson(actual, problems);
  const [from, to] = [tenth / WIDTHS, (tenth + 1) / WIDTHS];
  return { from, to, problems, predicted, actual, actual_low, actual_high };
}

/** The mean distance of what was predicted from what came of it, weighed by problems. */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const all = bins.reduce((sum, { problems }) => sum + problems, 0);
  const off = bins.reduce(
    (sum, { problems, predicted, actual }) => sum + problems * Math.abs(actual - predicted),
    0,
  );
  return all === 0 ? 0 : off / all;
}

function means(bin: readonly Judged[]) {
  return {
    predicted: meanOf(bin.map(({ predicted }) => predicted)),
    actual: meanOf(bin.map(({ right }) => right)),
  };
}

/** Wilson's score interval of a share of `count`. */
function wilson(share: number, count: number): [low: number, high: number] {
  const square = Z ** 2 / count;
  const centre = (share + square / 2) / (1 + square);
  const half = (Z * Math.sqrt((share * (1 - share)) / count + square / (4 * count))) / (1 + square);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** The chance that a right choice has a higher prediction than a wrong one; null where there is only one kind. */
function separation(judged: readonly Judged[]): number | null {
  let [ahead, pairs] = [0, 0];
  for (const a of judged) {
    for (const b of judged) {
      const weight = a.right * (1 - b.right);
      pairs += weight;
      ahead += weight * (a.predicted > b.predicted ? 1 : a.predicted === b.predicted ? 0.5 : 0);
    }
  }
  return pairs === 0 ? null : ahead / pairs;
}
