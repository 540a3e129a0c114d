/**
 * CodeRM Engine as a library: what the command line does, as functions. A run opens a `Cache`, a `Sandbox` and a
 * `ModelSession`, and gives them to `rerank`, `generate` or `execute`.
 */

export { type BenchCell, benchCells } from './bench/cells.js';
export { benchSandbox, type SandboxBench } from './bench/sandbox.js';
export { benchScorers, labelled, type PairingReport } from './bench/scorers.js';
export { Cache, type CacheInfo, type CellRow, defaultCachePath } from './cache/database.js';
export type { Candidate } from './candidate.js';
export type { Speed } from './doctor/calibrate.js';
export { type Diagnosis, examine } from './doctor/doctor.js';
export type { Host } from './doctor/host.js';
export type { WallReport } from './doctor/walls.js';
export { type EndpointAddress, endpointAddress } from './endpoint/address.js';
export { type EndpointOptions, EndpointSession } from './endpoint/session.js';
export { CodermError, ExitCode, InputError, ModelError, SandboxError } from './error.js';
export { type EvaluatedProblem, evaluate, evaluatedProblem } from './evaluate/evaluation.js';
export { type Label, type Labels, readLabels } from './evaluate/labels.js';
export { type RankingLine, readRankings } from './evaluate/rankings.js';
export { type Manifest, makeManifest, manifestDifferences } from './manifest.js';
export { type ExecutionMatrix, executionMatrix } from './matrix.js';
export type {
  GenerationFailure,
  GenerationRequest,
  Generator,
  HiddenState,
  Sample,
  Sampler,
} from './model/generator.js';
export { PAPER_SAMPLER } from './model/generator.js';
export type { OpenModel } from './model/open-model.js';
export { type KnownModel, knownModels } from './model/registry.js';
export { ModelSession, type SessionOptions } from './model/session.js';
export { type ExtractMode, Parser } from './parser.js';
export { execute, generate, rerank, solve } from './pipeline.js';
export { policyPrompt } from './policy-prompt.js';
export { type Problem, readProblems } from './problem.js';
export { type Phase, type Progress, silent } from './progress.js';
export { responsePrefix, unitTestPrompt } from './prompt.js';
export { type Decision, decisionOf } from './rank/decision.js';
export { majority } from './rank/majority.js';
export { nextCells, PRUNE_STEPS, type PruneSteps, type WantedCells } from './rank/prune.js';
export { SCORERS, type Scorer, scorerNamed } from './rank/scorer.js';
export type { LearntValidity } from './rank/validity.js';
export { type Ranking, rankCandidates } from './ranking.js';
export { rankingLine, resultLines, unitTestsLine } from './report.js';
export type { ExecutionRun, GenerationOptions, Run } from './run.js';
export { Sandbox, type SandboxOptions } from './sandbox/sandbox.js';
export { equal } from './scaling/equal.js';
export type { Scaling } from './scaling/scaling.js';
export { sampleSeed } from './seed.js';
export { promptTasks } from './stages/prompt.js';
export { type RankedTask, type RankOptions, rankTasks } from './stages/rank.js';
export { policyGeneration, type SolvedProblem } from './stages/solve.js';
export type { VotedTask } from './stages/vote.js';
export { openStoredMatrices, type StoredMatrices, type StoredMatrix } from './stored-matrix.js';
export { emptyTally, type Tally } from './tally.js';
export {
  type ExecutionTask,
  openExecutionTasks,
  openProblems,
  openTasks,
  skipSentences,
  type Task,
  type Tasks,
} from './task.js';
export type { UnitTest } from './unit-test.js';
export { DEFAULT_LIMITS, type Limits, VERDICTS, type Verdict } from './verdict.js';
