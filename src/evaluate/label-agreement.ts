import type { Verdict } from '../verdict.js';
import type { Labels } from './labels.js';

/** What the hidden tests said of one candidate. */
interface Judged {
  taskId: string;
  truths: readonly { solId: number; passed: boolean; verdict: Verdict; detail: string | null }[];
}

/** A candidate that is labelled in two ways, and what our run of the hidden tests showed. */
export interface LabelDifference {
  task_id: string;
  sol_id: number;
  given: boolean;
  computed: boolean;
  verdict: Verdict;
  detail: string | null;
}

/** How far given labels agree with those that were computed. Keys are those of the report's JSON. */
export interface LabelAgreement {
  /** Candidates with both labels, and with equal ones. */
  compared: number;
  equal: number;
  /** Computed candidates that no given label is of. */
  unlabelled: number;
  differences: LabelDifference[];
}

/** Compares labels candidate by candidate. */
export function labelAgreement(judged: readonly Judged[], given: Labels): LabelAgreement {
  const agreement: LabelAgreement = { compared: 0, equal: 0, unlabelled: 0, differences: [] };
  for (const { taskId, truths } of judged) {
    const labels = given.get(taskId);
    for (const { solId, passed, verdict, detail } of truths) {
      const label = labels?.get(solId);
      if (label === undefined) agreement.unlabelled += 1;
      else {
        agreement.compared += 1;
        if (label === passed) agreement.equal += 1;
        else
          agreement.differences.push({
            task_id: taskId,
            sol_id: solId,
            given: label,
            computed: passed,
            verdict,
            detail,
          });
      }
    }
  }
  return agreement;
}
