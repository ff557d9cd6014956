#!/bin/sh
# Starts cachetool (version @VERSION@) with the Java that came with it; where none did, with the Java at JAVA_HOME or, where
# that is not set, on the PATH.
# CACHETOOL_JAVA_OPTS: further options for the Java virtual machine, separated by spaces.

case $0 in
  */*) self=$0 ;;
  *) self=./$0 ;;
esac
while [ -L "$self" ]; do
  target=$(readlink -- "$self")
  case $target in
    /*) self=$target ;;
    *) self=${self%/*}/$target ;;
  esac
done
lib=${self%/*}/../lib

no_java() {
  echo "cachetool: $1" >&2
  echo "  install a Java 17 or newer (on Debian: apt-get install default-jre-headless), or set JAVA_HOME" >&2
  exit 1
}

runtime=$lib/../runtime
release=
if [ -d "$runtime" ]; then
  java=$runtime/bin/java
  # Without the loader that it names, the system would say that there is no such Java.
  read -r loader glibc <"$runtime/loader"
  if [ ! -e "$loader" ]; then
    echo "cachetool: could not start the Java that came with it: there is no $loader here, as machines of its kind with a" \
      "glibc of $glibc or newer have" >&2
    echo "  take the archive for this machine, or the one without a Java, whose name has no platform" >&2
    exit 1
  fi
elif [ -n "$JAVA_HOME" ]; then
  java=$JAVA_HOME/bin/java
  [ -x "$java" ] || no_java "there is no Java at JAVA_HOME=$JAVA_HOME"
  release=$JAVA_HOME/release
else
  java=$(command -v java) || no_java "there is no java on the PATH"
  release=$java
  [ ! -L "$release" ] || release=$(readlink -f -- "$release")
  release=${release%/*/*}/release
fi
# The version, without starting Java for it. Where a Java has no such file, it may say itself what it cannot do.
if [ -r "$release" ]; then
  while IFS='=' read -r key value; do
    [ "$key" = JAVA_VERSION ] || continue
    version=${value#\"}
    version=${version%\"}
    major=${version%%[!0-9]*}
    case $major in
      '' | *[!0-9]*) ;;
      *) [ "$major" -ge 17 ] || no_java "Java $version at $java is too old" ;;
    esac
    break
  done <"$release"
fi

# A class-data archive is taken only with the class path that it was made with. The open folder gives the jar
# the same name wherever the distribution lies. Without /proc everything works, but starts more slowly.
jar=$lib/cachetool.jar
exec 9<"$lib"
if [ -r /proc/self/fd/9/cachetool.jar ]; then
  jar=/proc/self/fd/9/cachetool.jar
fi

# What hashes nothing starts sooner without the compilers, and what reads documents alone with the quick one; what hashes
# layers or files needs both of them.
fast=
case ${1-} in
  inspect | ls | completion) fast=-XX:TieredStopAtLevel=1 ;;
  '' | -h | --help | -V | --version | help | version) fast=-Xint ;;
esac

# What looks at many files reads what the system says of them as it is, where the JDK lets it (FileLook). And where that is all
# there is to do, the slow compiler would take more time than it saves, but for digests and ciphers, which are slow without it. Java
# says on its standard output that it was told so, unless its own output is off.
opens=
case ${1-} in
  run | plan | import | export | cachemap) opens=--add-opens=java.base/sun.nio.fs=ALL-UNNAMED ;;
esac
case ${1-} in
  run | plan | cachemap)
    [ ! -r /proc/self/fd/9/compiler.json ] || fast="-XX:+UnlockDiagnosticVMOptions -XX:-DisplayVMOutput -XX:CompileCommand=quiet
      -XX:CompilerDirectivesFile=/proc/self/fd/9/compiler.json"
    ;;
esac

# How wide the terminal is, which Java cannot ask.
# In a command substitution, descriptor 1 is no terminal any more.
if [ -z "${COLUMNS-}" ] && [ -t 1 ] && { size=$(stty size <&8 2>/dev/null); } 8>&1; then
  [ "${size#* }" -lt 20 ] || export COLUMNS="${size#* }"
fi

# A small heap to begin with: it grows where a graph needs more, and what only moves bytes stays below 100 MiB.
# The virtual machine warns on standard output, and of archives that are not its own: only its errors are shown.
# Newer Javas warn, on standard error, of libraries like that of zstd, unless they are told.
# shellcheck disable=SC2086
exec "$java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xms24m -XX:-UsePerfData \
  -Xshare:auto -XX:SharedArchiveFile="$lib/cachetool.jsa" -Xlog:disable -Xlog:all=error,cds*=off:stderr \
  -Dfile.encoding=UTF-8 $fast $opens ${CACHETOOL_JAVA_OPTS-} -cp "$jar" dev.cachetool.cli.Main "$@"
