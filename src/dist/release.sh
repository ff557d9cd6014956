#!/bin/sh
# Makes what people download, in target/release, from what build.sh left; called by pom.xml in the profile release. PLATFORM
# is that of this machine, as OCI names it: linux-amd64 or linux-arm64.
#
#   cachetool-VERSION.tar.gz                   for a Java that is there
#   cachetool-VERSION-PLATFORM.tar.gz          with a Java of its own in runtime/
#   cachetool-VERSION-PLATFORM.oci.tar         an image with that, as an OCI layout that docker load reads as well
#   *.cdx.json                                 what is in each of the three
#   SHA256SUMS
#
# Called as release.sh -classpath CLASSES:JAR:..., with JAVA_HOME, VERSION, TIMESTAMP, TARGET, SURE and BOM (the list of the
# libraries, CycloneDX) in the environment.
set -eu
umask 022
export LC_ALL=C
libraries=$2
cd "$(dirname "$0")/../.."
. src/dist/functions.sh

fail() {
  echo "release.sh: $1" >&2
  exit 1
}

case $(uname -s)-$(uname -m) in
  Linux-x86_64) platform=linux-amd64 natives=linux/amd64 ;;
  Linux-aarch64) platform=linux-arm64 natives=linux/aarch64 ;;
  *) fail "archives with a Java of their own are made on Linux, on x86-64 or arm64; this is $(uname -sm)" ;;
esac
java=$JAVA_HOME/bin/java
[ -x "$JAVA_HOME/bin/jlink" ] || fail "there is no jlink in $JAVA_HOME: install a whole JDK"
[ -f "$BOM" ] || fail "there is no $BOM: cyclonedx-maven-plugin makes it only where Maven is online (without -o)"
busybox=$(command -v busybox) || fail "there is no busybox for the image (on Debian: apt-get install busybox-static)"
! ldd "$busybox" >/dev/null 2>&1 || fail "$busybox is linked to libraries (on Debian: apt-get install busybox-static)"

name=cachetool-$VERSION
release=$TARGET/release
work=$TARGET/dist-work/release
rm -rf "$release" "$work"
mkdir -p "$release" "$work"
cp "$TARGET/$name.tar.gz" "$release/$name.tar.gz"

# The Java: java.base and java.logging, which are all that cachetool and its libraries use (of those that Jackson and SnakeYAML
# name besides, nothing is called), and elliptic curves for TLS, which are a module of their own up to Java 21.
stage=$work/$name-$platform
cp -R "$TARGET/dist/$name" "$stage"
"$JAVA_HOME/bin/jlink" --add-modules java.base,java.logging,jdk.crypto.ec \
  --strip-java-debug-attributes --no-header-files --no-man-pages --output "$stage/runtime"
runtime=$stage/runtime
# What only others than the virtual machine need.
rm -f "$runtime/bin/keytool" "$runtime/lib/classlist" "$runtime/lib/jexec" "$runtime/lib/jrt-fs.jar"
chmod -R u=rwX,go=rX "$stage"

# needed_by FILE...: the libraries that the files are linked to, and those that these are.
needed_by() {
  for file; do
    ldd "$file"
  done | sed -n -e 's/^.* => \(\/[^ ]*\) (0x.*/\1/p' -e 's/^[[:space:]]*\(\/[^ ]*\) (0x.*/\1/p' | grep -v "^$stage" | sort -u
}

distribution=$(. /etc/os-release && echo "$ID")

# package_of FILE: the Debian package that has the file.
package_of() {
  command -v dpkg-query >/dev/null || fail "$1 goes into the archives, and only on Debian can its licence be found"
  file=$(readlink -f "$1")
  { dpkg-query -S "$file" 2>/dev/null || dpkg-query -S "${file#/usr}"; } | sed -n 's/:.*//p' | head -n 1
}

# add_licence FILE FOLDER PACKAGES: the licence of the package that has the file, into the folder; and into the file PACKAGES a
# line: the distribution, and the package's name, version and architecture.
add_licence() {
  package=$(package_of "$1")
  [ -n "$package" ] || fail "no package has $1, which goes into the archives: its licence is not known"
  mkdir -p "$2/$package"
  cp -L "/usr/share/doc/$package/copyright" "$2/$package/copyright"
  dpkg-query -W -f "$distribution"' ${Package} ${Version} ${Architecture}\n' "$package" | head -n 1 >>"$3"
}

# Of the C library's, no system is without its own. Others come along, where this JDK is linked to them.
: >"$work/with-runtime"
: >"$work/with-image"
loader=
c_libraries=
for library in $(needed_by "$runtime/bin/java" "$runtime"/lib/*.so "$runtime"/lib/server/libjvm.so); do
  case ${library##*/} in
    ld-*)
      loader=$library
      c_libraries="$c_libraries $library"
      ;;
    libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | librt.so.*) c_libraries="$c_libraries $library" ;;
    *)
      cp -L "$library" "$runtime/lib"
      add_licence "$library" "$runtime/legal" "$work/with-runtime"
      ;;
  esac
done
[ -n "$loader" ] || fail "what $runtime/bin/java is loaded by is not known"
glibc=$(grep -aoh 'GLIBC_2\.[0-9]*' "$runtime/bin/java" "$runtime"/lib/*.so* "$runtime"/lib/server/*.so |
  sed 's/GLIBC_//' | sort -V | tail -n 1)
echo "$loader $glibc" >"$runtime/loader"

assemble natives "$TIMESTAMP" "$stage/lib/cachetool.jar" "$TARGET/$name-all.jar" "$natives"
TZ=UTC0 touch -d "$TIMESTAMP" "$stage/lib/cachetool.jar"
make_archive "$runtime/bin/java" "$stage/lib" >"$work/archive.log" 2>&1 || fail "no class-data archive: see $work/archive.log"
assemble tar "$TIMESTAMP" "$release/$name-$platform.tar.gz" "$stage"

# The image: below, a C library and a shell with the usual small tools; above, the archive's folder as /opt/cachetool.
base=$work/base
mkdir -p "$base/bin" "$base/etc" "$base/opt" "$base/root" "$base/usr/share/doc"
cp "$busybox" "$base/bin/busybox"
add_licence "$busybox" "$base/usr/share/doc" "$work/with-image"
for tool in $("$busybox" --list); do
  [ "$tool" = busybox ] || ln -s busybox "$base/bin/$tool"
done
mkdir "$work/natives"
(cd "$work/natives" && "$JAVA_HOME/bin/jar" -x -f "$stage/lib/cachetool.jar" "$natives")
for library in $c_libraries $(needed_by "$work/natives/$natives"/*.so); do
  if [ ! -e "$base$library" ]; then
    mkdir -p "$base${library%/*}"
    cp -L "$library" "$base$library"
    add_licence "$library" "$base/usr/share/doc" "$work/with-image"
  fi
done
locale=/usr/lib/locale/C.utf8
if [ -d "$locale" ]; then
  mkdir -p "$base${locale%/*}"
  cp -R "$locale" "$base${locale%/*}"
  add_licence "$locale/LC_CTYPE" "$base/usr/share/doc" "$work/with-image"
fi
echo 'root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/nonexistent:/bin/false' >"$base/etc/passwd"
echo 'root:x:0:
nogroup:x:65534:' >"$base/etc/group"
echo 'hosts: files dns' >"$base/etc/nsswitch.conf"
# Whoever runs it may write there.
mkdir "$base/cache" "$base/tmp" "$base/work"
chmod 1777 "$base/cache" "$base/tmp" "$base/work"
top=$work/cachetool
mkdir -p "$top/opt" "$top/usr/bin"
cp -R "$stage" "$top/opt/cachetool"
ln -s ../../opt/cachetool/bin/cachetool "$top/usr/bin/cachetool"
"$java" -Xshare:auto -XX:+UseSerialGC -cp "$libraries" src/dist/Image.java \
  "$TIMESTAMP" "$work/layout" "$VERSION" "${platform#linux-}" "$base" "$top"
assemble layout "$TIMESTAMP" "$release/$name-$platform.oci.tar" "$work/layout"

# What is in them: the libraries; the Java and what came with it; the image's packages.
version=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$runtime/release")
bom() {
  "$java" -Xshare:auto -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$libraries" src/dist/Bom.java "$BOM" "$@"
}
bom "$release/$name.cdx.json"
bom "$release/$name-$platform.cdx.json" "$version" "$work/with-runtime"
bom "$release/$name-$platform.oci.cdx.json" "$version" "$work/with-runtime" "$work/with-image"

(cd "$release" && sha256sum cachetool-* >../SHA256SUMS && mv ../SHA256SUMS SHA256SUMS)
