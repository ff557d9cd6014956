#!/bin/sh
# startup.sh [RUNS]: how long cachetool takes to start, as the distribution in target/ starts it and as a plain jar.
# Build first: mvn -Pquick package
set -eu
runs=${1:-30}
cd "$(dirname "$0")/.."
cachetool=target/dist/cachetool/bin/cachetool
jar=target/dist/cachetool/lib/cachetool.jar

set -- "$cachetool" --help -- "$cachetool" version -- java -jar "$jar" --help -- java -jar "$jar" version \
  -- java -Xshare:auto -XX:+UseSerialGC -version
exec java benchmarks/Startup.java "$runs" "$@"
