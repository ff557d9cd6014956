# dist.sh DIST: the application with what it needs beside it.
set -e
rm -rf "$1"
mkdir -p "$1/lib"
cp app/target/poems-app-1.0.jar "$1/poems.jar"
cp lib/target/poems-lib-1.0.jar lib/target/deps/*.jar "$1/lib/"
