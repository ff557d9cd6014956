#!/bin/sh
# keys.sh [RUNS [KEYS]]: the keys of a store. Without more: 500,000 keys, which are 1,000,000 links and 500,000 results: how
# long it takes to save them, then, in fresh processes, to follow links to 1,000 of them and load their results, beside the
# same process without the store; to save 1,000 more; to let go of 10,000 results and merge the journal.
# Build first: mvn -Pquick package
set -eu
runs=${1:-10}
keys=${2:-500000}
cd "$(dirname "$0")/.."
out=target/benchmarks
store=$out/keys-store
jar=target/dist/cachetool/lib/cachetool.jar
rm -rf "$store" "$out/keys.classes"
mkdir -p "$store"
javac -XDstringConcat=inline -cp "$jar" -d "$out/keys.classes" benchmarks/Keys.java
jar --create --file "$out/keys.jar" -C "$out/keys.classes" .

java -XX:+UseSerialGC -cp "$jar:$out/keys.jar" dev.cachetool.store.Keys fill "$store" "$keys"
# As the program starts: with a class-data archive of what a training run loads.
java -XX:+UseSerialGC -XX:ArchiveClassesAtExit="$out/keys.jsa" -cp "$jar:$out/keys.jar" \
  dev.cachetool.store.Keys touch "$store" "$keys" 10 >/dev/null 2>&1

# What follows takes words of this list apart.
run="java -XX:+UseSerialGC -XX:SharedArchiveFile=$out/keys.jsa -cp $jar:$out/keys.jar dev.cachetool.store.Keys"
# shellcheck disable=SC2086
java benchmarks/Startup.java "$runs" $run touch "$store" "$keys" 1000 -- $run names "$store" "$keys" 1000
for step in "touch $store $keys 1000" "save $store $keys 1000" "release $store $keys 10000" "compact $store"; do
  # shellcheck disable=SC2086
  $run $step
done
