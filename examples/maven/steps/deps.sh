# deps.sh: the jars that the library needs at run time, out of the local repository. They keep the times that they have
# there; as outputs of this step they are new.
set -e
sh steps/mvn.sh -pl lib dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/deps
touch lib/target/deps/*
