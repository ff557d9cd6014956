#!/bin/sh
# archive.sh JAVA LIB SCRATCH: makes LIB/cachetool.jsa, the class-data archive of LIB/cachetool.jar.
# The classes are those that JAVA loads while some commands run in the folder SCRATCH.
set -eu
java=$1
lib=$2
scratch=$3
rm -rf "$scratch"
mkdir -p "$scratch"
lib=$(cd "$lib" && pwd)
scratch=$(cd "$scratch" && pwd)

# The name by which the launcher gives the jar to Java, too.
exec 9<"$lib"
jar=/proc/self/fd/9/cachetool.jar
[ -r "$jar" ] || jar=$lib/cachetool.jar

# The launcher's collector. The rest is for the archive's bytes to be the same every time, as far as Java can: newer
# Javas do, in Java 17's archives some bytes differ all the same.
gc=-XX:+UseSerialGC
same="-Xint -Xms256m -Xmx256m -XX:+UnlockExperimentalVMOptions -XX:hashCode=2"

# Which classes are loaded hangs on the locale, too: the one here is that of most people.
locale=C.UTF-8
run() {
  (cd "$scratch" && LC_ALL=$locale TZ=UTC0 "$java" $gc -XX:TieredStopAtLevel=1 -Xshare:auto -Xlog:disable -Xlog:all=error:stderr \
    -XX:DumpLoadedClassList="$scratch/classes" -Dfile.encoding=UTF-8 -cp "$jar" dev.cachetool.cli.Main "$@") \
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
locale=C.UTF-8
unset SSL_CERT_FILE
exec 8>&-

# Newer Javas number the classes of one run: without the numbers, several runs can be joined.
sed -e '/ source: /d' -e '/^#/d' -e '/^@cp /d' -e 's/ id: [0-9]*$//' "$scratch/all-classes" |
  LC_ALL=C sort -u >"$scratch/class-list"
LC_ALL=$locale TZ=UTC0 "$java" $gc $same -Xshare:dump -Xlog:disable -Xlog:all=error:stderr -XX:SharedClassListFile="$scratch/class-list" \
  -XX:SharedArchiveFile="$lib/cachetool.jsa" -cp "$jar"
chmod 644 "$lib/cachetool.jsa"
