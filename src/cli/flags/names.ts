/** The long flags of every command, without dashes: what a configuration file may hold. A test compares them with the commands. */
export const FLAG_NAMES: ReadonlySet<string> = new Set(
  `abstain-below as authors b-min budget budgets cache candidates cells chat-template compare-batched-bench
  compare-node-llama-cpp context cpu-ms csv curve-candidates curve-tests deterministic draw dry-run
  endpoint endpoint-api endpoint-model endpoint-plain endpoint-timeout endpoint-tries equal-tests
  extract folds form generator gpu gpu-layers ground-truth held-out into isolation jail json
  json-log label labels labels-out lanes limit limits link margin matrices matrix max-size max-tokens
  memory-mib metrics min-confidence min-p model no-dedup offline older-than out output output-kib
  pairing pairs parallel policy policy-endpoint policy-endpoint-model policy-prefix probe problems
  processes prompt prompt-compat prune python ranking rates recheck replay report response-prefix
  rounds scaling scorer seed sha256 shard solutions solutions-out stop-above stub temperature
  test-tokens tests threads tmp-mib tokens top-k top-p unit-tests untested unused wall-ms width
  with-gpu workers`.split(/\s+/),
);
