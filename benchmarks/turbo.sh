#!/bin/sh
# turbo.sh [RUNS [PACKAGES [FILES [FOLDER]]]]: cachetool run beside turbo run (npm's package turbo), the same graph: PACKAGES (1,000)
# packages of FILES (100) files of 1 KB, a step for each. Whole processes, in turns: nothing to do, and one file changed.
# Before, with nothing cached, once each; turbo starts npm for every step, which takes minutes: COLD_TURBO=no makes its first run
# the one that fills its cache, and does not time it.
# FOLDER (target/benchmarks/turbo) holds all of it. Build first: mvn -Pquick package. It needs npm, node and git.
set -eu
runs=${1:-5}
packages=${2:-1000}
files=${3:-100}
cd "$(dirname "$0")/.."
home=$PWD
folder=${4:-target/benchmarks/turbo}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
tree=$folder/tree-$packages-$files
store=$folder/store-$packages-$files
cachetool=$home/target/dist/cachetool/bin/cachetool
turbo=$folder/node_modules/.bin/turbo

[ -x "$turbo" ] || (cd "$folder" && npm install --no-audit --no-fund --loglevel=error turbo@2.1.1)
if [ ! -d "$tree/.git" ]; then
  java benchmarks/Packages.java "$tree" "$packages" "$files"
  # turbo asks git for the digests of files.
  (cd "$tree" && git init -q . && git add . && git -c user.name=a -c user.email=a@example.com commit -q -m all)
fi

ours() {
  "$cachetool" run "$tree/graph.json" --store "$store" --progress=quiet
}
theirs() {
  (cd "$tree" && TURBO_TELEMETRY_DISABLED=1 "$turbo" run build --output-logs=none)
}
seconds() {
  begin=$(date +%s%N)
  "$@" >/dev/null 2>&1 || echo "failed: $*" >&2
  end=$(date +%s%N)
  echo "$begin $end" | awk '{ printf "%.2f", ($2 - $1) / 1e9 }'
}

rm -rf "$store"
echo "nothing cached: cachetool $(seconds ours) s"
if [ "${COLD_TURBO:-yes}" = no ]; then
  theirs >/dev/null 2>&1 || true
else
  rm -rf "$tree/.turbo" "$tree/node_modules/.cache/turbo"
  echo "nothing cached: turbo $(seconds theirs) s"
fi
for run in $(seq "$runs"); do
  echo "nothing to do: cachetool $(seconds ours) s, turbo $(seconds theirs) s"
done
for run in $(seq "$runs"); do
  echo "$run $(date +%N)" >"$tree/packages/p0/src/f0"
  echo "one file changed: cachetool $(seconds ours) s, turbo $(seconds theirs) s"
done
