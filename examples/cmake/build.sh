#!/bin/sh
# The build of this example as a plain script: it knows nothing of cachetool. graph.json describes the same commands.
set -e
cd "$(dirname "$0")"
export LC_ALL=C WORDS="$PWD/out/lib"
rm -rf out

sh steps/build.sh lib
sh steps/build.sh app
out/app/bin/count text/robin.txt >out/report.txt
