#!/bin/sh
# hashing.sh [RUNS [FILES [BYTES]]]: how long the keys of a tree take, beside sha256sum of the same files.
# Without more: 100,000 files of 1,024 bytes. Of large files: hashing.sh 5 8 100000000. Build first: mvn -Pquick package
set -eu
runs=${1:-10}
files=${2:-100000}
bytes=${3:-1024}
cd "$(dirname "$0")/.."
tree=target/benchmarks/tree-$files-$bytes
[ -f "$tree/graph.json" ] || java benchmarks/Tree.java "$tree" "$files" "$bytes"

exec java benchmarks/Startup.java "$runs" target/dist/cachetool/bin/cachetool cachemap "$tree/graph.json" \
  -- sh -c "find '$tree/src' -type f -print0 | xargs -0 sha256sum"
