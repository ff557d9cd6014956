# The commands whose classes go into the class-data archive; read by archive.sh, in the top folder.
# "run" is cachetool in the folder $scratch. An exit code of 0 is not asked for: errors have classes too.
cp -R src/dist/training/. "$scratch"
touch "$scratch"/out/*

run --help
run version
run export --help
run no-such-command
run completion fish
run completion --vertices graph.json
run cachemap graph.json
run cachemap graph.yaml --format json
run export graph.json --from-workspace --mode=max --to type=tar,dest=cache.tar
run export graph.json --from-workspace --to type=local,dest=cache,compression=gzip
rm "$scratch/out/c.txt"
run plan graph.json --from type=tar,src=cache.tar
run import graph.json --from type=tar,src=cache.tar
run import graph.json --from type=local,src=cache
run run graph.json --store store --isolation=folder
run run graph.json --store store --from type=tar,src=cache.tar --to oci:made
run plan graph.json --store store
run inspect type=tar,src=cache.tar
run inspect type=local,src=cache --format json
run verify type=tar,src=cache.tar --deep
run verify type=local,src=cache --format json
run inspect type=tar,src=cache.tar --format html -o page.html
run inspect type=tar,src=cache.tar --shared-with type=local,src=cache
run inspect type=tar,src=cache.tar --format tree
run inspect type=tar,src=cache.tar --format dot
run ls type=tar,src=cache.tar
run ls type=tar,src=cache.tar second --format json
run merge type=tar,src=cache.tar type=local,src=cache --to oci:merged
run explain graph.json second --from type=tar,src=cache.tar
run prune oci:merged --max-results 1 --reachable-from graph.json --store store
run prune oci:merged --max-size 1GB --fit 1MiB --apply
run diff type=tar,src=cache.tar type=local,src=cache
run diff type=tar,src=cache.tar type=local,src=cache --format json
run extract type=tar,src=cache.tar second out/c.txt --to extracted
run run graph.json --store "$scratch/store" --to type=local,dest=ran
run run graph.json --store "$scratch/store"
run store ls --store "$scratch/store"
run store du --store "$scratch/store"
run store prune --keep-storage 2GB --dry-run --store "$scratch/store"
run store verify --format json --store "$scratch/store"

# With a registry, without encryption and with it.
if start_registry; then
  run export graph.json --from-workspace --mode=max --to "localhost:$plain/training:cache"
  rm -f "$scratch/out/c.txt"
  run plan graph.json --from "localhost:$plain/training:cache"
  rm -rf "$scratch/.cachetool"
  run import graph.json --from "localhost:$plain/training:cache"
  run inspect "localhost:$plain/training:cache"
  run copy "localhost:$plain/training:cache" oci:copied
  run copy oci:copied "localhost:$encrypted/training:cache"
  run plan graph.json --from "localhost:$encrypted/training:cache"
  run inspect "localhost:$encrypted/training:none"
fi

# A machine without a locale, as CI's containers are.
locale=C
run inspect type=tar,src=cache.tar
