#!/bin/sh
# Packs, digests and unpacks layers beside other programs; benchmarks/README.md says more.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
exec java -Xmx512m -cp "$here/../target/dist/cachetool/lib/cachetool.jar" "$here/Layers.java" "$@"
