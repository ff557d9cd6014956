#!/bin/sh
# Puts the program together as people run it; called by pom.xml in the phase package.
#
#   target/cachetool-VERSION-all.jar   everything in one jar, for java -jar
#   target/dist/cachetool-VERSION/     bin/cachetool; in lib: cachetool.jar, cachetool.jsa, cachetool.classes, archive.sh,
#                                      compiler.json; completions, man
#   target/dist/cachetool              a link to that folder
#   target/cachetool-VERSION.tar.gz    the folder, packed (not with TARBALL=false)
#
# Called as build.sh -classpath CLASSES:JAR:..., with JAVA_HOME, VERSION, TIMESTAMP, TARGET, TARBALL,
# SURE (whether the archive must be the same every time) and STARTED in the environment.
set -eu
libraries=$2
cd "$(dirname "$0")/../.."
. src/dist/functions.sh

work=$TARGET/dist-work
all=$TARGET/cachetool-$VERSION-all.jar
name=cachetool-$VERSION
stage=$work/stage/$name
java=$JAVA_HOME/bin/java
mkdir -p "$work" "$TARGET/dist"

# The libraries. The published picocli is of class version 49, which class-data archives do not take in: in its place
# stands the same source, compiled again.
set --
old_ifs=$IFS
IFS=:
for jar in $libraries; do
  case ${jar##*/} in
    picocli-*.jar)
      picocli=$work/${jar##*/}
      set -- "$@" "$picocli"
      ;;
    *.jar) set -- "$@" "$jar" ;;
  esac
done
IFS=$old_ifs

if [ ! -f "$picocli" ]; then
  rm -rf "$work/picocli-classes"
  mkdir "$work/picocli-classes"
  find "${picocli%.jar}-sources" -name '*.java' ! -name module-info.java | sort >"$work/picocli.txt"
  "$JAVA_HOME/bin/javac" --release 17 -encoding UTF-8 -XDstringConcat=inline -proc:none -nowarn -Xlint:none \
    -d "$work/picocli-classes" "@$work/picocli.txt"
  "$JAVA_HOME/bin/jar" --create --file "$picocli.part" -C "$work/picocli-classes" .
  mv "$picocli.part" "$picocli"
fi

assemble jar "$TIMESTAMP" "$all" LICENSE "$TARGET/$name.jar" "$@"

rm -rf "$work/stage"
mkdir -p "$stage/bin" "$stage/lib"
sed "s/@VERSION@/$VERSION/" src/dist/cachetool.sh >"$stage/bin/cachetool"
chmod 755 "$stage/bin/cachetool"
cp "$all" "$stage/lib/cachetool.jar"
cp src/dist/archive.sh src/dist/compiler.json "$stage/lib"
for file in LICENSE README.md CHANGELOG.md CONTRIBUTING.md action.yml completions docs man; do
  [ ! -e "$file" ] || cp -R "$file" "$stage/$file"
done
# The archive names the jar's time, which an unpacked distribution has from the tarball.
TZ=UTC0 touch -d "$TIMESTAMP" "$stage/lib/cachetool.jar"
if ! { sh src/dist/classes.sh "$java" "$stage/lib" "$work/training" && make_archive "$java" "$stage/lib"; } \
  >"$work/archive.log" 2>&1; then
  rm -f "$stage/lib/cachetool.jsa"
  echo "warning: this Java made no class-data archive; cachetool will start more slowly ($work/archive.log says why)" >&2
fi

# A cachetool that starts at this moment keeps its files: the old folder goes with the next build.
rm -rf "$work/old"
if [ -d "$TARGET/dist/$name" ]; then
  mv "$TARGET/dist/$name" "$work/old"
fi
mv "$stage" "$TARGET/dist/$name"
ln -sfn "$name" "$TARGET/dist/cachetool"

if [ "$TARBALL" != false ]; then
  assemble tar "$TIMESTAMP" "$TARGET/$name.tar.gz" "$TARGET/dist/$name"
fi

# For ./cachetool: what is older than the beginning of this build is in it.
touch -d "$STARTED" "$TARGET/dist/.built"
