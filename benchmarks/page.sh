#!/bin/sh
# page.sh [RUNS [SIZE...]]: how long the page of inspect takes in Chromium without a window to open, and to answer what is done
# there, for caches of so many records: 1000 10000. Build first: mvn -Pquick package
set -eu
runs=${1:-5}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- 1000 10000
cd "$(dirname "$0")/.."
jar=target/dist/cachetool/lib/cachetool.jar
classes=target/benchmarks/page
tests=src/test/java/dev/cachetool/page
mkdir -p "$classes"
javac -cp "$jar" -d "$classes" "$tests/Browser.java" "$tests/TestCaches.java" benchmarks/PageTimes.java
exec java -cp "$jar:$classes" PageTimes "$runs" "$@"
