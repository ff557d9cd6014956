#!/bin/sh
# archive.sh [JAVA]: makes cachetool.jsa, the class-data archive with which cachetool starts sooner, beside this script, for
# the Java virtual machine JAVA; without JAVA for the one that the launcher takes. An archive serves that one Java alone.
set -eu
umask 022
lib=$(cd "$(dirname "$0")" && pwd)
if [ "$#" -gt 0 ]; then
  java=$1
elif [ -x "$lib/../runtime/bin/java" ]; then
  java=$lib/../runtime/bin/java
else
  java=${JAVA_HOME:+$JAVA_HOME/bin/}java
fi

# The name by which the launcher gives the jar to Java, too.
exec 9<"$lib"
jar=/proc/self/fd/9/cachetool.jar
[ -r "$jar" ] || jar=$lib/cachetool.jar

# One processor and the same addresses every time, where the system lets us: Java 17 puts classes into the archive as its
# threads come to them.
alone=
for command in "setarch -R" "taskset -c $(sed -n 's/^Cpus_allowed_list:[^0-9]*\([0-9]*\).*/\1/p' /proc/self/status)"; do
  # shellcheck disable=SC2086
  ! $alone $command true 2>/dev/null || alone="$alone $command"
done

# The launcher's collector and its word about native libraries, and what is for the archive's bytes to be the same every time.
# shellcheck disable=SC2086
LC_ALL=C.UTF-8 TZ=UTC0 $alone "$java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xint -Xrs -Xms256m -Xmx256m \
  -XX:+UnlockExperimentalVMOptions -XX:hashCode=2 -Xshare:dump -Xlog:disable -Xlog:all=error:stderr \
  -XX:SharedClassListFile="$lib/cachetool.classes" -XX:SharedArchiveFile="$lib/cachetool.jsa.part" -cp "$jar"
chmod 644 "$lib/cachetool.jsa.part"
mv "$lib/cachetool.jsa.part" "$lib/cachetool.jsa"
