import type { DemoProblem, DemoReport } from '../demo/report.js';

const BAR = 40;
const QUESTION = 46;

/** The demo's result for a terminal: what became of each problem, and accuracy against the number of tests. */
export function demoText(report: DemoReport): string {
  const { problems, seconds, tokens, cells } = report;
  const sum = (value: (problem: DemoProblem) => number) =>
    problems.reduce((total, problem) => total + value(problem), 0);
  const [requested, kept, correct] = [
    sum(({ tests }) => tests.requested),
    sum(({ tests }) => tests.kept),
    sum(({ tests }) => tests.correct),
  ];
  return [
    ...table(problems),
    '',
    `unit tests  ${requested} asked for, ${kept} kept, ${correct} of them correct (a right candidate passes them)`,
    `work        ${tokens} tokens in ${seconds.generate.toFixed(1)} s, ${cells} cells in ${seconds.execute.toFixed(1)} s, ` +
      `${seconds.total.toFixed(1)} s in all`,
    '',
    ...plot(report),
    '',
  ].join('\n');
}

function table(problems: readonly DemoProblem[]): string[] {
  const row = (question: string, right: string, tests: string, choice: string, confidence: string) =>
    `${question.padEnd(QUESTION)}  ${right.padStart(8)}  ${tests.padStart(8)}  ${confidence.padStart(10)}  ${choice}`;
  return [
    row('problem', 'right', 'correct', 'choice', 'confidence'),
    row('', 'of 20', 'tests', '', ''),
    ...problems.map(({ question, right, tests, selected, chosenRight, confidence }) =>
      row(
        short(question),
        String(right),
        `${tests.correct}/${tests.kept}`,
        selected === null ? 'none' : `candidate ${selected}: ${word(chosenRight)}`,
        confidence.toFixed(2),
      ),
    ),
  ];
}

function word(chosenRight: number): string {
  if (chosenRight === 1) return 'right';
  return chosenRight === 0 ? 'wrong' : `tied, ${percent(chosenRight)} of the tied are right`;
}

function short(question: string): string {
  return question.length <= QUESTION ? question : `${question.slice(0, QUESTION - 1)}…`;
}

/** Bars from 0 to 100%: random choice, the scorer with 1, 2, 4 … tests, the oracle. */
function plot({ accuracy, scorer, random, oracle }: DemoReport): string[] {
  const own = accuracy.filter((one) => one.scorer === scorer);
  const [all, ...drawn] = own;
  const beside = (tests: number | null) =>
    accuracy.find((one) => one.scorer === 'majority' && one.scorer !== scorer && one.tests === tests);
  const line = (name: string, share: number, tests?: number | null) => {
    const other = tests === undefined ? undefined : beside(tests);
    const majority = other === undefined ? '' : percent(other.accuracy.mean);
    return `${name.padStart(10)}  ${bar(share)} ${percent(share).padStart(6)}  ${majority.padStart(8)}`.trimEnd();
  };
  const head = scorer === 'majority' ? scorer : `${scorer.padStart(6)}  majority`;
  return [
    `right choices by number of tests${' '.repeat(BAR - 20)} ${head}`,
    line('random', random),
    ...drawn.map(({ tests, accuracy: { mean } }) =>
      line(tests === 1 ? '1 test' : `${tests} tests`, mean, tests),
    ),
    ...(all === undefined ? [] : [line('all tests', all.accuracy.mean, null)]),
    line('oracle', oracle),
  ];
}

function bar(share: number): string {
  const full = Math.round(share * BAR);
  return '█'.repeat(full) + '·'.repeat(BAR - full);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
