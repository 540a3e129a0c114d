import { type ReliabilityBin, reliabilityBin } from '../evaluate/calibration.js';

/** How the confidence of `auto` came out where labels were at hand. */
export interface MeasuredConfidence {
  name: string;
  problems: number;
  /** The constants of the scorer or of the confidence were chosen with these problems in view. */
  development: boolean;
  bins: ReliabilityBin[];
}

/** Tenth of the range from 0, problems in it, mean confidence, mean accuracy. */
type Row = readonly [tenth: number, problems: number, predicted: number, actual: number];

/**
 * The lines of docs/results.md, "Can the confidence be believed?": `coderm evaluate --matrix MATRIX --labels LABELS --csv
 * calibration` on each pairing there. A problem of which no test was kept, or where nobody passes anything, has confidence 0
 * and a random choice: that is why the lowest range is too modest.
 */
export const MEASURED_CONFIDENCE: readonly MeasuredConfidence[] = [
  measured('GPT-3.5 × Gemini methods', true, [
    [2, 1, 0.2824, 0],
    [4, 1, 0.4726, 0],
    [5, 2, 0.5743, 1],
    [6, 4, 0.6398, 0.5],
    [7, 4, 0.7539, 0.75],
    [8, 9, 0.8532, 0.9877],
    [9, 60, 0.9623, 0.9504],
  ]),
  measured('CodeGen-16B × its own asserts', true, [
    [0, 22, 0.0161, 0.3109],
    [1, 13, 0.1607, 0.0769],
    [2, 33, 0.2621, 0.4098],
    [3, 27, 0.3337, 0.4074],
    [4, 27, 0.4486, 0.4698],
    [5, 17, 0.5413, 0.4946],
    [6, 10, 0.6541, 0.7704],
    [7, 8, 0.724, 0.8322],
    [8, 4, 0.8514, 1],
    [9, 3, 0.9436, 0.9261],
  ]),
  measured('Four other pairings', false, [
    [0, 12, 0, 0.6017],
    [1, 4, 0.1545, 0],
    [2, 6, 0.2727, 0.1667],
    [3, 18, 0.3504, 0.1715],
    [4, 24, 0.4618, 0.5278],
    [5, 25, 0.5471, 0.6168],
    [6, 28, 0.6421, 0.7862],
    [7, 43, 0.7573, 0.7759],
    [8, 68, 0.8556, 0.8739],
    [9, 97, 0.9541, 0.9007],
  ]),
];

function measured(name: string, development: boolean, rows: readonly Row[]): MeasuredConfidence {
  return {
    name,
    development,
    problems: rows.reduce((sum, [, problems]) => sum + problems, 0),
    bins: rows.map((row) => reliabilityBin(...row)),
  };
}
