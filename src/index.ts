/**
 * CodeRM Engine as a library: what the command line does, as functions. A run opens a `Cache`, a `Sandbox` and a
 * `ModelSession`, and gives them to `rerank`, `generate` or `execute`.
 */

export { type BenchCell, benchCells } from './bench/cells.js';
export { benchSandbox, type SandboxBench } from './bench/sandbox.js';
export { type BudgetReport, benchScaling, type ScalingPlan, type ScalingReport } from './bench/scaling.js';
export { benchScorers, type PairingReport } from './bench/scorers.js';
export { makeBundle } from './bundle/bundle.js';
export type { BundleManifest } from './bundle/manifest.js';
export { openBundle } from './bundle/unbundle.js';
export type { CellRow } from './cache/cell-row.js';
export { Cache, type CacheInfo } from './cache/database.js';
export { exportedLines, importLines } from './cache/lines.js';
export { type Merged, mergeCaches } from './cache/merge.js';
export { defaultCachePath, networkWarning } from './cache/place.js';
export type { Candidate } from './candidate.js';
export { type Fit, fitOf } from './difficulty/fit.js';
export { hiddenStates, type PromptState } from './difficulty/hidden.js';
export { ratesOfLabels, ratesOfMatrices, readPassRates } from './difficulty/pass-rates.js';
export { type Probe, predictRate } from './difficulty/probe.js';
export { crossValidated, type Example, type Trained, trainProbe } from './difficulty/training.js';
export type { Speed } from './doctor/calibrate.js';
export { type Diagnosis, examine } from './doctor/doctor.js';
export type { Host } from './doctor/host.js';
export type { WallReport } from './doctor/walls.js';
export { type EndpointAddress, endpointAddress } from './endpoint/address.js';
export { type EndpointOptions, EndpointSession } from './endpoint/session.js';
export { CodermError, ExitCode, InputError, ModelError, SandboxError } from './error.js';
export { type Calibration, calibrationOf } from './evaluate/calibration.js';
export { type CurvePoint, type CurvesPlan, curves } from './evaluate/curves.js';
export { type EvaluatedProblem, evaluate, evaluatedProblem } from './evaluate/evaluation.js';
export { labelAgreement } from './evaluate/label-agreement.js';
export { type LabelledMatrix, labelled } from './evaluate/labelled-matrix.js';
export { type Label, type Labels, readLabels } from './evaluate/labels.js';
export { type RankingLine, readRankings } from './evaluate/rankings.js';
export { type Evaluated, type MatrixReport, matrixReport, scoredProblems } from './evaluate/report.js';
export { attack, individualQuality, type UnitTestQuality, unitTestQualities } from './evaluate/unit-tests.js';
export { groundTruth, type JudgedTask, type Truth } from './ground-truth.js';
export { HIDDEN_TEST_LIMITS, type HiddenTests, openHiddenTests } from './hidden-test.js';
export { type Manifest, makeManifest, manifestDifferences } from './manifest.js';
export { type ExecutionMatrix, executionMatrix } from './matrix.js';
export { type DescriptionOptions, describeModel, type ModelDescription } from './model/files/description.js';
export { type ImportOptions, importModel } from './model/files/import.js';
export { type ModelRecord, ModelsFolder } from './model/files/models-folder.js';
export { type PullOptions, pullModel } from './model/files/pull.js';
export { type KnownModel, knownModels, modelsFolder } from './model/files/registry.js';
export { type VerifiedModel, verifyModels } from './model/files/verify.js';
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
export { ModelSession, type SessionOptions } from './model/session.js';
export { openExecutionTasks, openProblems, openTasks } from './open-tasks.js';
export { type ExtractMode, Parser } from './parser.js';
export { execute, generate, rerank, solve } from './pipeline.js';
export {
  type Preference,
  type PreferenceOptions,
  preferenceLine,
  preferencesOf,
} from './preference.js';
export { type Problem, readProblems } from './problem.js';
export { type Phase, type Progress, silent } from './progress.js';
export { responsePrefix, unitTestPrompt } from './prompt.js';
export { type Decision, decisionOf } from './rank/decision.js';
export { majority } from './rank/majority.js';
export { nextCells, PRUNE_STEPS, type PruneSteps, type WantedCells } from './rank/prune.js';
export type { Scorer } from './rank/scorer.js';
export { SCORERS, scorerNamed } from './rank/scorers.js';
export type { LearntValidity } from './rank/validity.js';
export { type Ranking, rankCandidates } from './ranking.js';
export { rankingLine, resultLines, unitTestsLine } from './report.js';
export type { ExecutionRun, GenerationOptions, Run } from './run.js';
export { Sandbox, type SandboxOptions } from './sandbox/sandbox.js';
export { allocate, type Bounds, difficulty, expectedAccuracy } from './scaling/difficulty.js';
export { equal } from './scaling/equal.js';
export type { Grant, Progress as ScalingProgress, Scaling } from './scaling/scaling.js';
export { type SequentialOptions, sequential } from './scaling/sequential.js';
export type { Standing } from './scaling/standing.js';
export { sampleSeed } from './seed.js';
export { inShard, type Shard } from './shard.js';
export { solutionPrompt } from './solution-prompt.js';
export { promptTasks } from './stages/prompt.js';
export { type RankedTask, type RankOptions, rankTasks } from './stages/rank.js';
export { policyGeneration, type SolvedProblem } from './stages/solve.js';
export type { VotedTask } from './stages/vote.js';
export { openStoredMatrices, type StoredMatrices, type StoredMatrix } from './stored-matrix.js';
export { emptyTally, type Tally } from './tally.js';
export { type ExecutionTask, skipSentences, type Task, type Tasks } from './task.js';
export type { UnitTest } from './unit-test.js';
export { DEFAULT_LIMITS, type Limits, VERDICTS, type Verdict } from './verdict.js';
