# test.sh REPORT: compiles and runs the library's tests. The report leaves out the times, which differ in every run.
set -e
rm -rf lib/target/surefire-reports
sh steps/mvn.sh -pl lib resources:testResources compiler:testCompile surefire:test
sed -n 's/^\(Tests run.*\), Time elapsed.* -- /\1 /p' lib/target/surefire-reports/*.txt >"$1"
cat "$1"
