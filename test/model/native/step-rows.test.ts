import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filledRows, rowsMatter, stepRows } from '../../../src/model/native/step-rows.js';

const rows = suite('rows of a decode step');

const [F32, F16, Q4_0, Q8_0, Q4_K, Q6_K, IQ4_XS] = [0, 1, 2, 8, 12, 14, 23];

const cases: [what: string, types: number[], arm: boolean, least: number, multiple: number][] = [
  ['whole floats', [F32, F16], false, 2, 2],
  ['Q8_0', [F32, Q8_0], false, 2, 2],
  ['Q8_0 on arm64, where it is repacked', [F32, Q8_0], true, 4, 4],
  ['Q6_K', [F32, Q6_K], false, 2, 2],
  ['Q6_K on arm64', [F32, Q6_K], true, 4, 4],
  ['Q4_0', [F32, Q4_0], false, 4, 4],
  ['Q4_K_M, which has Q6_K too', [F32, Q4_K, Q6_K], false, 4, 4],
  ['a type that is decoded for eight rows at a time', [F32, IQ4_XS], false, 8, 4],
  ['a type that nobody has tried', [F32, 99], false, 8, 4],
];
for (const [what, matrixTypes, arm, least, multiple] of cases)
  rows(what, () => assert.equal(stepRows({ matrixTypes }, arm), { least, multiple }));

rows('a step is filled up to whole multiples', () => {
  const filled = (busy: number) => filledRows({ least: 4, multiple: 4 }, busy);
  assert.equal([1, 3, 4, 5, 8, 252].map(filled), [4, 4, 4, 8, 8, 252]);
  assert.is(filledRows({ least: 8, multiple: 4 }, 3), 8);
  assert.is(filledRows({ least: 2, multiple: 2 }, 1), 2);
});

rows('a mixture of experts with types that are decoded by eights is beyond it', () => {
  assert.ok(rowsMatter({ matrixTypes: [F32, IQ4_XS], experts: 8 }));
  assert.not.ok(rowsMatter({ matrixTypes: [F32, IQ4_XS], experts: 0 }));
  assert.not.ok(rowsMatter({ matrixTypes: [F32, Q4_K], experts: 8 }));
});

rows.run();
