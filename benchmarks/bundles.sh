#!/bin/sh
# bundles.sh [RUNS]: how large what people install is, and how long it takes to start: with its own Java, with the Java on the
# PATH, and as an image (its root unpacked and entered, without what a container's engine takes); beside crane and skopeo,
# where they are on the PATH. Make the archives first: mvn -Prelease verify. The image needs root.
set -eu
runs=${1:-30}
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf --one-file-system "$scratch"' EXIT

image=$(echo target/release/cachetool-*.oci.tar)
own=${image%.oci.tar}.tar.gz
plain=$(echo target/release/cachetool-*.cdx.json)
plain=${plain%%-linux-*}
plain=${plain%.cdx.json}.tar.gz
for archive in plain own; do
  mkdir "$scratch/$archive"
  eval "file=\$$archive"
  tar -xzf "$file" -C "$scratch/$archive" --strip-components=1
  echo "$(du -k "$file" | cut -f 1) KiB packed, $(du -sk "$scratch/$archive" | cut -f 1) KiB unpacked: ${file##*/}"
done
mkdir "$scratch/layout" "$scratch/root"
tar -xf "$image" -C "$scratch/layout"
for layer in $(sed 's/.*"Layers":\[\([^]]*\)\].*/\1/; s/[",]/ /g' "$scratch/layout/manifest.json"); do
  tar -xzf "$scratch/layout/$layer" -C "$scratch/root"
done
echo "$(du -k "$image" | cut -f 1) KiB packed, $(du -sk "$scratch/root" | cut -f 1) KiB unpacked: ${image##*/}"
mkdir "$scratch/root/proc"

(cd "$scratch" && cp -R "$OLDPWD/src/dist/training/." . && touch out/* &&
  own/bin/cachetool export graph.json --from-workspace --mode=max --to type=tar,dest=cache.tar >/dev/null 2>&1)
cp "$scratch/cache.tar" "$scratch/root/work"
own=$scratch/own/bin/cachetool
plain=$scratch/plain/bin/cachetool
set -- "$own" version -- "$plain" version
[ "$(id -u)" != 0 ] || set -- "$@" -- chroot "$scratch/root" /usr/bin/cachetool version
! command -v crane >/dev/null || set -- "$@" -- crane version
! command -v skopeo >/dev/null || set -- "$@" -- skopeo --version
set -- "$@" -- "$own" --help -- "$plain" --help
set -- "$@" -- "$own" inspect "oci-archive:$scratch/cache.tar" -- "$plain" inspect "oci-archive:$scratch/cache.tar"
[ "$(id -u)" != 0 ] ||
  set -- "$@" -- chroot "$scratch/root" /usr/bin/cachetool inspect oci-archive:/work/cache.tar
if [ "$(id -u)" = 0 ]; then
  # The root of the image has a /proc, as a container has, for this script alone.
  export runs
  # shellcheck disable=SC2016
  unshare -m sh -euc 'mount -t proc proc "$0/proc"; exec java benchmarks/Startup.java "$runs" "$@"' "$scratch/root" "$@"
else
  java benchmarks/Startup.java "$runs" "$@"
fi
