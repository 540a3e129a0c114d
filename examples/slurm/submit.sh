#!/usr/bin/env bash
# Submits a whole run: unit tests on GPUs, execution on CPUs when all of them are written, then merge and report.
#   PROBLEMS=… SOLUTIONS=… MODEL=… RUN=/shared/run-1 examples/slurm/submit.sh [SHARDS]
# RUN is a folder that every node sees; give partitions, accounts and limits as SBATCH_… variables or in the scripts.
set -euo pipefail
: "${PROBLEMS:?the problems file}" "${SOLUTIONS:?the candidates file}" "${MODEL:?the GGUF file}" "${RUN:?a folder}"
here=$(cd "$(dirname "$0")" && pwd)
last=$((${1:-16} - 1))
mkdir -p "$RUN/logs"
submit() { sbatch --parsable --output="$RUN/logs/%x-%A_%a.log" "$@"; }
generate=$(submit --array="0-$last" "$here/generate.sbatch")
execute=$(submit --array="0-$last" --dependency="afterok:$generate" "$here/execute.sbatch")
report=$(submit --dependency="afterok:$execute" "$here/report.sbatch")
echo "generate $generate, execute $execute, report $report: $RUN/ranked.jsonl"
