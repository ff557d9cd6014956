#!/bin/sh
# restore.sh [RUNS [FOLDER]]: how fast a target that is in the store comes back into the workspace, beside tar x of the same files, in turns:
# 8 files of 128 MiB, and 100,000 files of 1 KB in 1,000 folders. Whole processes; the outputs are moved away before each, and
# not removed: for half a minute after files were removed, ext4 takes ten times as long to make new ones beside them.
# FOLDER (target/benchmarks/restore) holds all of it, 5 GB and 2 GB more for each run. Build first: mvn -Pquick package.
set -eu
runs=${1:-5}
cd "$(dirname "$0")/.."
cachetool=$PWD/target/dist/cachetool/bin/cachetool
folder=${2:-target/benchmarks/restore}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

seconds() {
  begin=$(date +%s%N)
  "$@" >/dev/null 2>&1 || echo "failed: $*" >&2
  end=$(date +%s%N)
  echo "$begin $end" | awk '{ printf "%.2f", ($2 - $1) / 1e9 }'
}

# compare NAME COMMAND: a step that makes the folder out, then restoring it.
compare() {
  place=$folder/$1
  mkdir -p "$place/tar" "$place/old"
  printf '{ "schemaVersion": 1, "vertices": [ { "name": "make", "op": { "exec": { "args": ["sh", "-c", "%s"], "outputs": ["out"] } } } ] }\n' \
    "$2" >"$place/graph.json"
  "$cachetool" run "$place/graph.json" --store "$place/store" --progress=quiet >/dev/null
  [ -f "$place/out.tar" ] || tar cf "$place/out.tar" -C "$place" out
  for run in $(seq "$runs"); do
    for old in "$place/out" "$place/tar/out"; do
      [ ! -d "$old" ] || mv "$old" "$place/old/$(date +%N)"
    done
    sync
    ours=$(seconds "$cachetool" run "$place/graph.json" --store "$place/store" --progress=quiet)
    theirs=$(seconds tar xf "$place/out.tar" -C "$place/tar")
    echo "$1: cachetool $ours s, tar $theirs s"
  done
  rm -rf "$place/old"
}

compare large 'mkdir out; for i in 1 2 3 4 5 6 7 8; do head -c 134217728 /dev/urandom > out/$i; done'
compare small 'mkdir out; head -c 1024 /dev/urandom > one; for d in $(seq 1000); do mkdir out/$d; for f in $(seq 100); do echo $d $f | cat - one > out/$d/$f; done; done'
