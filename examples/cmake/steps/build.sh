# build.sh PROJECT: configures, builds and installs a project of CMake into out/PROJECT. What cmake and make say goes to
# standard error. Nothing is left of the build tree: it knows the folder it was made in, and is of no use in another one.
set -e
rm -rf "build/$1" "out/$1"
cmake -S "$1" -B "build/$1" -G "Unix Makefiles" "-DCMAKE_INSTALL_PREFIX=$PWD/out/$1" >&2
cmake --build "build/$1" >&2
cmake --install "build/$1" >&2
rm -r build
