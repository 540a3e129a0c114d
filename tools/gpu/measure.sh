#!/usr/bin/env bash
# On the machine that has the GPU: takes the pieces that pack.mjs wrote, unpacks and measures. Needs Python 3, and for
# CUDA its libraries of version 13; no Node, no compiler and no network.
#
#   bash tools/gpu/measure.sh --collect           only keeps the pieces that came with this call
#   bash tools/gpu/measure.sh [--out FOLDER]      with those of all calls: measures, and prints the table
#   bash tools/gpu/measure.sh --table FOLDER      prints the table of what a killed run left in FOLDER
# Options of a measurement:
#   --deadline SECONDS   from its start; then it prints what it has (540)
#   --scale NAME         full, or rehearsal: the same steps in a size for a software GPU (full)
#   --pieces FOLDER      where the pieces of this call lie (build/gpu-call)
#   --work FOLDER        where they are kept from call to call, outside what is carried (/tmp/coderm-gpu)
#   --out FOLDER         where results.jsonl and table.md go (FOLDER of --work, in results)
set -uo pipefail
started=$(date +%s%3N)
here=$(cd "$(dirname "$0")" && pwd)
pieces=$here/../../build/gpu-call work=/tmp/coderm-gpu deadline=540 scale=full out='' what=measure

stop() {
  echo "coderm: $1" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --collect) what=collect ;;
    --table) what=table out=${2:-} && shift ;;
    --out | --work | --pieces | --deadline | --scale) printf -v "${1#--}" %s "${2:-}" && shift ;;
    *) stop "expected an option that the first lines of tools/gpu/measure.sh name, got '$1'." ;;
  esac
  [ $# -gt 0 ] || stop "expected a value after the last option."
  shift
done
[[ $deadline =~ ^[0-9]+$ ]] || stop "expected seconds after --deadline, got '$deadline'."
[[ $scale =~ ^(full|rehearsal)$ ]] || stop "expected full or rehearsal after --scale, got '$scale'."
out=${out:-$work/results}

# The folder that is carried may be replaced before the next call.
mkdir -p "$work" || exit 2
if [ -e "$pieces/pieces.sha256" ]; then cp "$pieces"/* "$work/" || exit 2; fi
[ -e "$work/pieces.sha256" ] || stop "expected pieces and pieces.sha256 in $pieces; pack them with tools/gpu/pack.mjs and carry them."
missing=$(python3 "$here/unpack.py" --missing "$work")
echo "coderm: the pieces are in $work${missing:+, but not yet $(echo "$missing" | paste -sd ' ')}"
[ $what = collect ] && exit 0

python3 "$here/unpack.py" "$work" || exit 2
node=$work/engine/bin/node
"$node" --version >/dev/null || stop "expected the carried node to run on this machine, and it does not: see the line above."
if [ $what = table ]; then exec "$node" "$here/measure.mjs" --table --out "$out"; fi

PATH=$PATH:/usr/local/nvidia/bin:/usr/local/cuda/bin
if grep -q '"gpu": "cuda"' "$work/engine/pack.json"; then
  . "$here/cuda-libraries.sh"
  link_cuda_libraries "$work/cuda" || true
  export LD_LIBRARY_PATH=$work/cuda${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  # Kernels that the driver compiles for this GPU are kept for the steps after; its own limit is smaller than they are.
  export CUDA_CACHE_PATH=$work/cuda-cache CUDA_CACHE_MAXSIZE=4294967296
fi
export XDG_CACHE_HOME=$work/cache XDG_DATA_HOME=$work/data
exec "$node" "$here/measure.mjs" --engine "$work/engine" --work "$work/scratch" --out "$out" \
  --deadline "$deadline" --scale "$scale" --started "$started"
