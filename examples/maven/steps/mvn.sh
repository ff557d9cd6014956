# mvn.sh ARGUMENT...: Maven with the local repository at MAVEN_REPO where that is set, else with the user's own. What it
# says goes to standard error.
exec mvn -q ${MAVEN_REPO:+"-Dmaven.repo.local=$MAVEN_REPO"} "$@" >&2
