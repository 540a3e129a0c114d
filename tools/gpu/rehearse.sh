#!/usr/bin/env bash
# Rehearses a measurement on this machine: packs with llama.cpp's Vulkan library in CUDA's place, carries the pieces in
# several calls into a bare Debian without Node, with the network cut, and measures there on Mesa's software Vulkan, with
# a tiny twin. It ends with 0 if the table came within its deadline, and came too after a run was told to stop half-way
# and after one was killed.
#
#   bash tools/gpu/rehearse.sh [--deadline SECONDS] [--piece-mb MB]        300 and 20
#
# Needs root, debootstrap with Debian's registry (its system is kept in build/gpu-rehearsal for the next time), unshare,
# xz, and a built engine. With 2 idle cores it takes about 8 minutes, the first time 2 more.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
deadline=300 megabytes=20
while [ $# -gt 0 ]; do
  case $1 in
    --deadline) deadline=${2:-} ;;
    --piece-mb) megabytes=${2:-} ;;
    *) echo "coderm: expected --deadline or --piece-mb, got '$1'." >&2 && exit 2 ;;
  esac
  shift 2 || exit 2
done

stop() {
  echo "coderm: the rehearsal failed: $1" >&2
  exit 1
}

[ "$(id -u)" -eq 0 ] || stop "expected root, who may make a root and cut the network. Run it with sudo."
for program in debootstrap unshare xz; do
  command -v $program >/dev/null ||
    stop "expected $program, which this machine lacks. Install with: apt-get install debootstrap util-linux xz-utils"
done

place=build/gpu-rehearsal
system=$place/system
packed=$place/packed
mkdir -p $place

make_system() {
  [ -e $system/made ] && return
  rm -rf $system
  echo "== a bare Debian"
  # The registry that apt uses here; Debian's own if it names none.
  local mirror
  mirror=$(grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -n 1)
  debootstrap --variant=minbase --include=python3,libvulkan1,mesa-vulkan-drivers bookworm $system \
    ${mirror:+"$mirror"} >$place/debootstrap.log 2>&1 ||
    stop "debootstrap could not make a system: $(tail -n 1 $place/debootstrap.log)"
  touch $system/made
}

# Runs a script of bash in the bare system: its root is the only file system, there is no network, and when the script
# ends so does all that it started.
bare() {
  unshare --mount --propagation private --net --pid --fork --kill-child bash -c '
    set -e
    mount --bind "$1" "$1"
    cd "$1"
    mkdir -p .host
    mount -t proc proc proc
    mount -t sysfs sysfs sys
    mount --rbind /dev dev
    pivot_root . .host
    exec chroot . /usr/bin/env -i /bin/bash -c "umount -l /.host && cd /checkout || exit 2; $2"' bare "$system" "$1" 2>&1
}

# The environment there, in front of every script.
settings='export PATH=/usr/bin:/usr/sbin HOME=/root LC_ALL=C.UTF-8 GGML_VK_VISIBLE_DEVICES=0
export MESA_SHADER_CACHE_DIR=/tmp/shaders
measure() { bash tools/gpu/measure.sh --scale rehearsal --work /tmp/coderm-gpu "$@"; }
'

# What a call there begins with: the checkout as it is here, and one piece in place of the last call's.
carry() {
  rm -rf $system/checkout/build
  mkdir -p $system/checkout/build/gpu-call
  cp "$@" $packed/pieces.sha256 $system/checkout/build/gpu-call/
}

# The table has a row of figures: a model, lanes and tokens per second.
has_figures() {
  grep -qE '^\| twin-tiny[^|]*\| +[0-9]+ \| +[0-9.]+ \|' "$1"
}

node tools/gpu/pack.mjs --gpu vulkan --piece-mb "$megabytes" --level 1 --out $packed || stop "packing did not work"
make_system
rm -rf $system/checkout $system/tmp/coderm-gpu $system/tmp/out-*
mkdir -p $system/checkout
git ls-files -co --exclude-standard -z | xargs -0 cp --parents -t $system/checkout

echo "== the bare system"
bare "$settings"'
  if command -v node; then echo there is a Node here; exit 1; fi
  if ls /sys/class/net | grep -v "^lo$"; then echo there is a network here; exit 1; fi
  echo it has no Node and no network' || stop "the system is not bare"

echo "== the pieces, one a call"
mapfile -t pieces < <(ls $packed | grep -v sha256)
for name in "${pieces[@]}"; do
  carry $packed/$name
  bare "$settings measure --collect" || stop "the call that carries $name did not work"
done
[ ${#pieces[@]} -ge 3 ] || stop "expected three pieces or more, so that calls are rehearsed; name a smaller --piece-mb"
carry

echo "== a measurement of at most $deadline s"
begun=$(date +%s)
bare "$settings measure --deadline $deadline --out /tmp/out-whole" | tee $place/whole.log
status=${PIPESTATUS[0]} took=$(($(date +%s) - begun))
[ "$status" -eq 0 ] || stop "the measurement ended with $status"
[ $took -le $((deadline + 5)) ] || stop "the measurement took $took s, and its deadline was $deadline s"
has_figures $place/whole.log || stop "the measurement printed no table with figures"
cmp -s $system/tmp/out-whole/table.md <(sed -n '/^- GPU:/,$p' $place/whole.log) || stop "table.md is not what was printed"

# A run that is ended by a signal as soon as it has figures of the twin.
half='bash tools/gpu/measure.sh --scale rehearsal --work /tmp/coderm-gpu --deadline 600 --out /tmp/out-SIGNAL & run=$!
  until grep -q "\"kind\":\"tokens\",\"status\":\"ok" /tmp/out-SIGNAL/results.jsonl 2>/dev/null; do
    kill -0 $run || exit 1
    sleep 1
  done
  kill -SIGNAL $run
  wait $run'

echo "== a run that is told to stop half-way"
bare "$settings${half//SIGNAL/TERM}" | tee $place/term.log
[ "${PIPESTATUS[0]}" -eq 143 ] || stop "a run that was told to stop did not end with 143"
has_figures $place/term.log || stop "a run that was told to stop printed no table with figures"

echo "== a run that is killed half-way"
bare "$settings${half//SIGNAL/KILL}" | tee $place/kill.log
[ "${PIPESTATUS[0]}" -eq 137 ] || stop "a run that was killed did not end with 137"
bare "$settings measure --table /tmp/out-KILL" | tee $place/table.log
has_figures $place/table.log || stop "there is no table with figures of a run that was killed"

echo "coderm: the rehearsal is done: the table came after $took s of $deadline s, and of both runs that were ended half-way."
