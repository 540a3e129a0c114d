import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { calibrationOf, reliabilityOf } from '../../src/evaluate/calibration.js';

// Known answers of the figures that say how far a prediction can be believed.
const calibration = suite('evaluate/calibration');

const judged = (...pairs: [predicted: number, right: number][]) =>
  pairs.map(([predicted, right]) => ({ predicted, right }));
const near = (found: number, expected: number) => assert.ok(Math.abs(found - expected) < 1e-12, `${found}`);

calibration('known answers: Brier, calibration error, area under the curve', () => {
  const found = calibrationOf(judged([0.9, 1], [0.9, 1], [0.9, 0], [0.2, 0]))!;
  assert.is(found.problems, 4);
  near(found.brier, (0.01 + 0.01 + 0.81 + 0.04) / 4);
  near(found.expected_calibration_error, (3 * (0.9 - 2 / 3) + 1 * 0.2) / 4);
  // Of four pairs of a right and a wrong choice two are in order, and two are ties.
  assert.is(found.area_under_curve, (2 + 2 / 2) / 4);
  assert.equal(
    found.reliability.map(({ from, to, problems }) => [from, to, problems]),
    [
      [0.2, 0.3, 1],
      [0.9, 1, 3],
    ],
  );
});

calibration('what is always right about itself has no error; certain and right is perfect', () => {
  const even = calibrationOf(
    judged(...Array.from({ length: 10 }, (_, at): [number, number] => [0.7, at < 7 ? 1 : 0])),
  )!;
  near(even.expected_calibration_error, 0);
  near(even.brier, 0.21);
  const perfect = calibrationOf(judged([1, 1], [0, 0]))!;
  assert.equal([perfect.brier, perfect.expected_calibration_error, perfect.area_under_curve], [0, 0, 1]);
});

calibration('a choice among tied candidates counts as the mean of what it may turn out to be', () => {
  near(calibrationOf(judged([0.8, 0.5]))!.brier, (0.2 ** 2 + 0.8 ** 2) / 2);
});

calibration('nothing, one kind only, and the ends of the range are defined', () => {
  assert.is(calibrationOf([]), null);
  assert.is(calibrationOf(judged([0.4, 1], [0.6, 1]))!.area_under_curve, null);
  const bins = reliabilityOf(judged([0, 0], [1, 1], [0.5, 1]));
  assert.equal(
    bins.map(({ from, problems }) => [from, problems]),
    [
      [0, 1],
      [0.5, 1],
      [0.9, 1],
    ],
  );
  // One problem says little, whichever way it went: Wilson's interval of 0 of 1 is 0 to 0.793.
  assert.is(bins[0]!.actual_low, 0);
  assert.is(Number(bins[0]!.actual_high.toFixed(3)), 0.793);
});

calibration.run();
