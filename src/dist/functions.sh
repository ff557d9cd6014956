# What build.sh and release.sh share; $java and $libraries (a class path) are theirs.

# assemble ARGUMENTS: runs Assemble.java.
assemble() {
  "$java" -Xshare:auto -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$libraries" src/dist/Assemble.java "$@"
}

# make_archive JAVA LIB: makes LIB/cachetool.jsa. With SURE=true until the same comes a second time: what a Java 17 makes
# hangs on its timing, and what comes twice is most likely what will come again; newer Javas make the same every time.
make_archive() {
  sh "$2/archive.sh" "$1" || return
  [ "$SURE" = true ] || return 0
  seen=
  for try in 1 2 3 4 5 6; do
    sum=$(sha256sum <"$2/cachetool.jsa")
    case $seen in
      *"$sum"*) return 0 ;;
    esac
    seen="$seen $sum"
    sh "$2/archive.sh" "$1" || return
  done
  echo "no class-data archive came twice; the last of $try is taken" >&2
}
