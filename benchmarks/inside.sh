#!/bin/sh
# inside.sh [RUNS [SIZE...]]: how long the verbs that look into caches take, whole processes, on caches of so many records.
# Build first: mvn -Pquick package
set -eu
runs=${1:-3}
[ $# = 0 ] || shift
[ $# -gt 0 ] || set -- 1000 10000 100000
cd "$(dirname "$0")/.."
cachetool=$PWD/target/dist/cachetool/bin/cachetool
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for shape in chain wide ladder; do
  for size in "$@"; do
    main=$scratch/$shape-$size-main
    branch=$scratch/$shape-$size-branch
    java benchmarks/Caches.java "$shape" "$size" "$main"
    java benchmarks/Caches.java "$shape" "$size" "$branch" branch
    echo "$shape, $size records, config of $(find "$main/blobs" -size +15k -name '*' -type f -exec stat -c %s {} + | sort -n | tail -n 1) bytes"
    java benchmarks/Startup.java "$runs" \
      "$cachetool" inspect "oci:$main" -- "$cachetool" inspect "oci:$main" --format json -- "$cachetool" ls "oci:$main" \
      -- "$cachetool" diff "oci:$main" "oci:$branch" -- "$cachetool" verify "oci:$main" \
      -- sh -c "rm -rf $scratch/merged; exec $cachetool merge oci:$main oci:$branch --to oci:$scratch/merged"
    rm -rf "$main" "$branch" "$scratch/merged"
  done
done
