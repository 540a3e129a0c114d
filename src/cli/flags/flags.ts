import type { BenchFlags } from './bench.js';
import type { CacheFlags } from './cache.js';
import type { DifficultyFlags } from './difficulty.js';
import type { EndpointFlags } from './endpoint.js';
import type { EvaluationFlags } from './evaluation.js';
import type { ExecutionFlags } from './execution.js';
import type { GenerationFlags } from './generation.js';
import type { InputFlags } from './inputs.js';
import type { ModelFlags } from './model.js';
import type { ModelsFlags } from './models.js';
import type { OutputFlags } from './output.js';
import type { PolicyFlags } from './policy.js';
import type { PreferenceFlags } from './preferences.js';
import type { RerankingFlags } from './reranking.js';
import type { ScalingFlags } from './scaling.js';
import type { ScoringFlags } from './scoring.js';
import type { ShardFlags } from './shard.js';
import type { WatchingFlags } from './watching.js';

/** The values of all flags, as commander names them. Each flag is defined once, in the file beside this one that has its subject. */
export type Flags = InputFlags &
  ModelFlags &
  EndpointFlags &
  PolicyFlags &
  ModelsFlags &
  GenerationFlags &
  ExecutionFlags &
  ScoringFlags &
  ScalingFlags &
  RerankingFlags &
  DifficultyFlags &
  EvaluationFlags &
  PreferenceFlags &
  OutputFlags &
  ShardFlags &
  WatchingFlags &
  CacheFlags &
  BenchFlags;
