#!/bin/sh
# The build of this example as a plain script: it knows nothing of cachetool. graph.json describes the same commands.
set -e
cd "$(dirname "$0")"
rm -rf lib/target app/target target

sh steps/deps.sh
sh steps/mvn.sh -pl lib resources:resources compiler:compile
sh steps/test.sh lib/target/tests.txt
sh steps/mvn.sh -pl lib jar:jar
sh steps/mvn.sh -pl lib,app -Plib-is-built resources:resources compiler:compile jar:jar
sh steps/dist.sh target/dist
