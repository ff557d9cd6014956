#!/bin/sh
# whole.sh [RUNS [SIZE...]]: how long whole processes take, in 1 GiB, that solve and export a chain, a wide graph and a ladder,
# every vertex with a result; that inspect a config of 1 MB; and that print help. Sizes are vertices: 1000 10000 100000.
# Build first: mvn -Pquick package
set -eu
runs=${1:-3}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- 1000 10000 100000
cd "$(dirname "$0")/.."
cachetool=target/dist/cachetool/bin/cachetool
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

graph() {
  java benchmarks/Graphs.java "$1" "$2" results >"$scratch/$1-$2.json"
}

export CACHETOOL_JAVA_OPTS="-Xmx1g ${CACHETOOL_JAVA_OPTS-}"
for size; do
  for shape in chain wide ladder; do
    graph "$shape" "$size"
    java benchmarks/Startup.java "$runs" "$cachetool" export "$scratch/$shape-$size.json" --config-only
    rm "$scratch/$shape-$size.json"
  done
done
graph ladder 3700
"$cachetool" export "$scratch/ladder-3700.json" --config-only >"$scratch/config.json"
java benchmarks/Startup.java "$((runs * 5))" "$cachetool" inspect "config:$scratch/config.json" -- "$cachetool" --help
