#!/bin/sh
# classes.sh JAVA LIB SCRATCH: makes LIB/cachetool.classes, the list of the classes for the class-data archive of
# LIB/cachetool.jar: those that JAVA loads while some commands run in the folder SCRATCH.
set -eu
java=$1
lib=$2
scratch=$3
rm -rf "$scratch"
mkdir -p "$scratch"
lib=$(cd "$lib" && pwd)
scratch=$(cd "$scratch" && pwd)

# Which classes are loaded hangs on the locale, too: the one here is that of most people.
locale=C.UTF-8
run() {
  (cd "$scratch" && LC_ALL=$locale TZ=UTC0 "$java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -Xshare:auto -Xlog:disable -Xlog:all=error:stderr -XX:DumpLoadedClassList="$scratch/classes" -Dfile.encoding=UTF-8 \
    -cp "$lib/cachetool.jar" dev.cachetool.cli.Main "$@") \
    >/dev/null || echo "exit code $? from: $*" >&2
  cat "$scratch/classes" >>"$scratch/all-classes"
}

# A registry for the training, until this script ends; its certificate is trusted by what runs after this.
start_registry() {
  "${java%/*}/keytool" -genkeypair -keystore "$scratch/keys.p12" -storetype PKCS12 -storepass training -alias training \
    -keyalg EC -dname CN=localhost -ext san=dns:localhost >/dev/null 2>&1 &&
    "${java%/*}/keytool" -exportcert -rfc -keystore "$scratch/keys.p12" -storepass training -alias training \
      -file "$scratch/authority.pem" >/dev/null 2>&1 || return 1
  mkfifo "$scratch/open"
  "$java" src/dist/TrainingRegistry.java "$scratch/ports" "$scratch/keys.p12" training <"$scratch/open" &
  exec 8>"$scratch/open"
  waited=0
  while [ ! -f "$scratch/ports" ] && [ "$waited" -lt 300 ]; do
    sleep 0.1
    waited=$((waited + 1))
  done
  [ -f "$scratch/ports" ] || return 1
  read -r plain encrypted <"$scratch/ports"
  export SSL_CERT_FILE="$scratch/authority.pem"
}

. src/dist/training.sh
exec 8>&-

# Newer Javas number the classes of one run: without the numbers, several runs can be joined.
sed -e '/ source: /d' -e '/^#/d' -e '/^@cp /d' -e 's/ id: [0-9]*$//' "$scratch/all-classes" |
  LC_ALL=C sort -u >"$lib/cachetool.classes"
