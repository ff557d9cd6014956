# Completion of cachetool for fish. Made by: cachetool completion fish
# Nothing on the line is evaluated, no file is written, no registry is asked. Names of vertices come from cachetool itself.

# Prints the verb and its arguments, or, with a flag's names, the values that they have on the line; a switch has an empty one.
function __cachetool_line
    set -l valued --cache-from --cache-to --content --dotenv --export-cache --filter --fit --for --form --format --from --from-username --import-cache --isolation --jobs --keep --keep-count --keep-last --keep-storage --limit --materialize --max-results --max-retry-after --max-size --metadata-file --min-hit-rate --mode --no-cache-filter --on-conflict --output --plain-http --print --progress --reachable-from --shared-with --sort --store --timeout --to --to-username --vertices --workspace -j -o
    set -l words (commandline -opc)
    set -l flag
    set -l behind
    for word in $words[2..-1]
        if set -q flag[1]
            contains -- $flag $argv; and printf '%s\n' $word
            set -e flag
        else if set -q behind[1]; or not string match -q -- '-?*' $word
            set -q argv[1]; or printf '%s\n' $word
        else if test $word = --
            set behind 1
        else
            set -l name (string split -m 1 -- = $word)
            if contains -- $name[1] $valued; and not set -q name[2]
                set flag $name[1]
            else if contains -- $name[1] $argv
                printf '%s\n' "$name[2]"
            end
        end
    end
end

# Whether the line has one of the verbs, and not yet the flag, whose names stand behind a --.
function __cachetool_takes
    set -l at (contains -i -- -- $argv)
    set -l line (__cachetool_line)
    if test $at -gt 1
        contains -- "$line[1]" $argv[1..(math $at - 1)]; or return 1
    end
    set -l names $argv[(math $at + 1)..-1]
    set -q names[1]; or return 0
    test (count (__cachetool_line $names)) -eq 0
end

# Whether the next word is the argument of that number of the verb, or one behind it, if "more" is said.
function __cachetool_at
    set -l line (__cachetool_line)
    test "$line[1]" = $argv[1]; or return 1
    test (count $line) -eq $argv[2]; or test "$argv[3]" = more -a (count $line) -gt $argv[2]
end

# The word up to the cursor without its quotes, and without the flag in front of it.
function __cachetool_word
    set -l raw (commandline -ct)
    set -l word (string unescape -- $raw; or string unescape -- $raw'"'; or string unescape -- $raw"'"; or printf '%s\n' $raw)
    string replace -r -- '^--[^=]*=' '' "$word"
end

# The paths that begin so: folders alone, or files as well; "plain" leaves out what attributes would have to quote.
function __cachetool_paths
    set -l before $argv[2]
    set -l begun $argv[3]
    for path in $begun*
        string match -qr -- '[[:cntrl:]]' $path; and continue
        test "$argv[4]" = plain; and string match -qr -- '[,"]' $path; and continue
        if test -d $path
            printf '%s%s/\n' $before $path
        else if test $argv[1] = file
            printf '%s%s\n' $before $path
        end
    end
end

function __cachetool_vertices
    set -l line (__cachetool_line)
    set -l graph $line[2]
    if test "$line[1]" = prune
        set graph (__cachetool_line --reachable-from)
    end
    test -f "$graph[1]"; or return
    set -l program (commandline -opc)[1]
    command -q $program; or set program cachetool
    command $program completion --vertices=$graph[1] --format=text </dev/null 2>/dev/null
end

# What a SPEC goes on with.
function __cachetool_place
    set -l side $argv[1]
    set -l word (__cachetool_word)
    switch "$word"
        case 'oci:*:*'
            set -l place (string match -r -- '^oci:(.*):' $word)
            test -f $place[2]/index.json; or return
            grep -o '"org\.opencontainers\.image\.ref\.name" *: *"[^"]*"' -- $place[2]/index.json 2>/dev/null |
                string replace -r -- '.*: *"(.*)"$' "$place[1]"'$1'
        case 'oci:*'
            __cachetool_paths folder oci: (string sub -s 5 -- $word)
        case 'oci-archive:*'
            __cachetool_paths file oci-archive: (string sub -s 13 -- $word)
        case 'config:*'
            test $side = source; and __cachetool_paths file config: (string sub -s 8 -- $word)
        case '*=*'
            __cachetool_attributes $side $word
        case '*'
            switch $side
                case source
                    printf '%s\n' docker:// oci: oci-archive: config: type=
                case target
                    printf '%s\n' docker:// oci: oci-archive: type=
            end
    end
end

# A key or value of the last attribute.
function __cachetool_attributes
    set -l side $argv[1]
    set -l fields (string split -- , $argv[2])
    set -l field $fields[-1]
    set -e fields[-1]
    set -l before ""
    for each in $fields
        set before $before$each,
    end
    set -l given (string replace -r -- '=.*' '' $fields)
    set -l type (string match -r -- '^type=(.*)' $fields)[2]
    if string match -q -- 'type=*' $field
        printf '%s\n' $before"type="{registry,local,tar},
        return
    end
    if test -z "$type"
        printf '%s\n' $before"type="
        return
    end
    set -l keys
    switch $side/$type
        case source/registry
            set keys 'ref text' 'registry.insecure word true false'
        case source/local
            set keys 'src folder' 'tag text' 'digest text'
        case source/tar
            set keys 'src file' 'tag text' 'digest text'
        case target/registry
            set keys 'ref text' 'registry.insecure word true false' 'mode word min max remote-only' 'image-manifest word true false' 'oci-mediatypes word true false' 'compression word gzip uncompressed zstd' 'compression-level text' 'force-compression word true false' 'ignore-error word true false'
        case target/local
            set keys 'dest folder' 'tag text' 'reset word true false' 'mode word min max remote-only' 'image-manifest word true false' 'oci-mediatypes word true false' 'compression word gzip uncompressed zstd' 'compression-level text' 'force-compression word true false' 'ignore-error word true false'
        case target/tar
            set keys 'dest file' 'tag text' 'mode word min max remote-only' 'image-manifest word true false' 'oci-mediatypes word true false' 'compression word gzip uncompressed zstd' 'compression-level text' 'force-compression word true false' 'ignore-error word true false'
    end
    set -l name (string split -m 1 -- = $field)
    for key in $keys
        set -l part (string split -- ' ' $key)
        contains -- $part[1] $given; and continue
        if not set -q name[2]
            printf '%s\n' "$before$part[1]="
        else if test $part[1] = $name[1]
            switch $part[2]
                case word
                    printf '%s\n' "$before$part[1]="$part[3..-1]
                case folder file
                    __cachetool_paths $part[2] "$before$part[1]=" "$name[2]" plain
            end
        end
    end
end

complete -c cachetool -f
complete -c cachetool -n '__cachetool_takes "" --' -a run -d 'load what hits, execute what misses, save what was made'
complete -c cachetool -n '__cachetool_takes "" --' -a export -d 'pack the results of a build and publish them as a cache'
complete -c cachetool -n '__cachetool_takes "" --' -a import -d 'bring back every output whose cache key matches'
complete -c cachetool -n '__cachetool_takes "" --' -a plan -d 'tell what would hit and what would miss, and why; moves no layer'
complete -c cachetool -n '__cachetool_takes "" --' -a copy -d 'copy a cache from one place to others, in any form'
complete -c cachetool -n '__cachetool_takes "" --' -a merge -d 'make one cache of several, which has all of their results'
complete -c cachetool -n '__cachetool_takes "" --' -a prune -d 'make a cache smaller, and remove what nothing needs any more'
complete -c cachetool -n '__cachetool_takes "" --' -a cachemap -d 'print the cache map and keys of every vertex'
complete -c cachetool -n '__cachetool_takes "" --' -a inspect -d 'tell what a cache holds: records, results, layers, sizes'
complete -c cachetool -n '__cachetool_takes "" --' -a ls -d 'list a cache\'s results: size, age, layers, what they stand on'
complete -c cachetool -n '__cachetool_takes "" --' -a diff -d 'tell how two caches differ, and where their chains part'
complete -c cachetool -n '__cachetool_takes "" --' -a explain -d 'tell why a vertex misses, down to the file or argument'
complete -c cachetool -n '__cachetool_takes "" --' -a verify -d 'find what importers and registries would trip over in a cache'
complete -c cachetool -n '__cachetool_takes "" --' -a extract -d 'take files out of a result, without restoring the whole'
complete -c cachetool -n '__cachetool_takes "" --' -a store -d 'look into the local store, shrink it, check it'
complete -c cachetool -n '__cachetool_takes "" --' -a completion -d 'print the script that makes a shell complete command lines'
complete -c cachetool -n '__cachetool_takes "" --' -a version -d 'print the version'
complete -c cachetool -n '__cachetool_takes "" --' -a help -d 'print the page of a verb or topic'
complete -c cachetool -n '__cachetool_at run 1' -F
complete -c cachetool -n '__cachetool_at run 2 more' -a '(__cachetool_vertices)'
complete -c cachetool -n '__cachetool_at export 1' -F
complete -c cachetool -n '__cachetool_at import 1' -F
complete -c cachetool -n '__cachetool_at plan 1' -F
complete -c cachetool -n '__cachetool_at plan 2 more' -a '(__cachetool_vertices)'
complete -c cachetool -n '__cachetool_at copy 1' -a '(__cachetool_place source)'
complete -c cachetool -n '__cachetool_at copy 2 more' -a '(__cachetool_place target)'
complete -c cachetool -n '__cachetool_at merge 1 more' -a '(__cachetool_place source)'
complete -c cachetool -n '__cachetool_at prune 1' -a '(__cachetool_place source)'
complete -c cachetool -n '__cachetool_at prune 2 more' -a '(__cachetool_vertices)'
complete -c cachetool -n '__cachetool_at cachemap 1' -F
complete -c cachetool -n '__cachetool_at inspect 1' -a '(__cachetool_place source)'
complete -c cachetool -n '__cachetool_at ls 1' -a '(__cachetool_place source)'
complete -c cachetool -n '__cachetool_at diff 1' -a '(__cachetool_place source)'
complete -c cachetool -n '__cachetool_at diff 2' -a '(__cachetool_place source)'
complete -c cachetool -n '__cachetool_at explain 1' -F
complete -c cachetool -n '__cachetool_at explain 2 more' -a '(__cachetool_vertices)'
complete -c cachetool -n '__cachetool_at verify 1 more' -a '(__cachetool_place source)'
complete -c cachetool -n '__cachetool_at extract 1' -a 'store (__cachetool_place source)'
complete -c cachetool -n '__cachetool_at store 1' -a 'ls du prune verify'
complete -c cachetool -n '__cachetool_at completion 1' -a 'bash zsh fish'
complete -c cachetool -n '__cachetool_at help 1' -a 'run export import plan copy merge prune cachemap inspect ls diff explain verify extract store completion version places exit-codes environment'
complete -c cachetool -n '__cachetool_takes run import plan explain --' -l from -l cache-from -l import-cache -x -a '(__cachetool_place source)' -d 'read this cache'
complete -c cachetool -n '__cachetool_takes run export merge --' -l to -l cache-to -l export-cache -x -a '(__cachetool_place target)' -d 'write the cache here'
complete -c cachetool -n '__cachetool_takes run export import plan prune explain extract store -- --store' -l store -x -a '(__fish_complete_directories)' -d 'the local store (default: cachetool in XDG_CACHE_HOME, or in ~/.cache)'
complete -c cachetool -n '__cachetool_takes run export import plan prune cachemap explain -- --workspace' -l workspace -x -a '(__fish_complete_directories)' -d 'what paths in the graph start from (default: the graph\'s folder)'
complete -c cachetool -n '__cachetool_takes run -- --jobs -j' -l jobs -s j -x -d 'execute so many steps at once (default: one for each processor)'
complete -c cachetool -n '__cachetool_takes run -- --keep-going' -l keep-going -d 'when a step fails, go on with what does not depend on it (default: start no more)'
complete -c cachetool -n '__cachetool_takes run plan -- --no-cache' -l no-cache -d 'load no result, and save what is made'
complete -c cachetool -n '__cachetool_takes run plan --' -l no-cache-filter -x -a '(__cachetool_vertices)' -d 'load no result of this vertex'
complete -c cachetool -n '__cachetool_takes run plan prune explain -- --isolation' -l isolation -x -a 'auto namespace folder none' -d 'what steps see: auto (default), namespace or folder (their inputs alone), none (the workspace)'
complete -c cachetool -n '__cachetool_takes run -- --check-inputs' -l check-inputs -d 'execute each step a second time in another folder, and tell what files of the workspace it reads and does not declare, what it leaves, and which outputs differ'
complete -c cachetool -n '__cachetool_takes run -- --replay' -l replay -d 'show again what steps that hit printed when they ran'
complete -c cachetool -n '__cachetool_takes run -- --dry-run' -l dry-run -d 'tell what would be done, as plan does, and do nothing'
complete -c cachetool -n '__cachetool_takes run export -- --mode' -l mode -x -a 'min max remote-only' -d 'min: the targets\' results (default); max: every result; remote-only: only what is transferable already'
complete -c cachetool -n '__cachetool_takes run export -- --export-roots' -l export-roots -d 'also the results of vertices without inputs'
complete -c cachetool -n '__cachetool_takes run export -- --ignore-backlinks' -l ignore-backlinks -d 'leave out other ways to the same results that this graph did not take'
complete -c cachetool -n '__cachetool_takes run export merge prune -- --fit' -l fit -x -d 'drop the oldest results, and the largest first among those of one time, until config and manifest have at most this size: BuildKit reads 1MiB'
complete -c cachetool -n '__cachetool_takes run -- --materialize' -l materialize -x -a 'targets all' -d 'targets: only the targets\' outputs are restored into the workspace (default); all: of every vertex that hits or was executed'
complete -c cachetool -n '__cachetool_takes run import -- --preserve-special' -l preserve-special -d 'restore set-uid and set-gid bits and file capabilities'
complete -c cachetool -n '__cachetool_takes run import plan explain -- --strict' -l strict -d 'a source that cannot be used is an error (3, 4, 5 or 6), not a miss'
complete -c cachetool -n '__cachetool_takes run -- --print' -l print -x -a 'executed hit failed skipped source unneeded miss maybe' -d 'only the names with this status, a line each: executed, hit, failed …; with --dry-run miss, hit, maybe …'
complete -c cachetool -n '__cachetool_takes run export import plan copy merge -- --dotenv' -l dotenv -r -F -d 'write what CI wants to know (CACHE_HIT …) to FILE as well, a dotenv report'
complete -c cachetool -n '__cachetool_takes run export import plan copy merge prune inspect ls diff explain verify extract -- --from-username' -l from-username -x -d 'log in to the sources\' registries by this name, not as docker login did'
complete -c cachetool -n '__cachetool_takes run export import plan copy merge prune inspect ls diff explain verify extract -- --from-password-stdin' -l from-password-stdin -d 'its password is on standard input (or in CACHETOOL_FROM_PASSWORD)'
complete -c cachetool -n '__cachetool_takes run export copy merge prune -- --to-username' -l to-username -x -d 'log in to the targets\' registries by this name, not as docker login did'
complete -c cachetool -n '__cachetool_takes run export copy merge prune -- --to-password-stdin' -l to-password-stdin -d 'its password is on standard input (or in CACHETOOL_TO_PASSWORD)'
complete -c cachetool -n '__cachetool_takes run export copy merge prune -- --on-conflict' -l on-conflict -x -a 'replace merge fail' -d 'what stands at the tag: replace it (default; a warning where another client wrote it meanwhile), merge it in, or fail where another client wrote it meanwhile'
complete -c cachetool -n '__cachetool_takes run export copy merge prune -- --allow-fork-writes' -l allow-fork-writes -d 'write targets in a job for a pull request from a fork too, which only reads'
complete -c cachetool -n '__cachetool_takes run export import plan copy merge prune inspect ls diff explain verify extract --' -l plain-http -x -d 'ask the registry HOST or HOST:PORT without encryption'
complete -c cachetool -n '__cachetool_takes run export import plan copy merge prune inspect ls diff explain verify extract -- --timeout' -l timeout -x -d 'give up on registries when all together took so long, as in 90s or 10m'
complete -c cachetool -n '__cachetool_takes run export import plan copy merge prune inspect ls diff explain verify extract -- --max-retry-after' -l max-retry-after -x -d 'wait at most so long where a registry asks to come back later (default: 60s)'
complete -c cachetool -n '__cachetool_takes "" run export import plan copy merge prune cachemap ls diff explain verify extract store completion version -- --format' -l format -x -a 'text json' -d 'text (default) or json'
complete -c cachetool -n '__cachetool_takes "" run export import plan copy merge prune cachemap inspect ls diff explain verify extract store completion version -- --metadata-file' -l metadata-file -r -F -d 'write the answer as JSON to FILE as well'
complete -c cachetool -n '__cachetool_takes "" run export import plan copy merge prune cachemap inspect ls diff explain verify extract store completion version -- --progress' -l progress -x -a 'auto plain tty quiet rawjson' -d 'auto (default), plain, tty, quiet or rawjson, on standard error'
complete -c cachetool -n '__cachetool_takes "" run export import plan copy merge prune cachemap inspect ls diff explain verify extract store completion version -- --quiet -q' -l quiet -s q -d 'only the answer, warnings and errors'
complete -c cachetool -n '__cachetool_takes "" run export import plan copy merge prune cachemap inspect ls diff explain verify extract store completion version -- --verbose -v' -l verbose -s v -d 'more details'
complete -c cachetool -n '__cachetool_takes "" run export import plan copy merge prune cachemap inspect ls diff explain verify extract store completion version -- --debug' -l debug -d 'stack traces with errors'
complete -c cachetool -n '__cachetool_takes "" run export import plan copy merge prune cachemap inspect ls diff explain verify extract store completion version -- --help -h' -l help -s h -d 'this page'
complete -c cachetool -n '__cachetool_takes export --' -l content -x -a '(__cachetool_place source)' -d 'look here for layers that the graph names by digest'
complete -c cachetool -n '__cachetool_takes export -- --from-workspace' -l from-workspace -d 'take outputs as they stand in the workspace: your word that they were just made'
complete -c cachetool -n '__cachetool_takes export -- --config-only' -l config-only -d 'print the cache config alone on standard output'
complete -c cachetool -n '__cachetool_takes import -- --materialize' -l materialize -x -a 'targets all' -d 'all: outputs of every vertex that hits (default); targets: only of the targets'
complete -c cachetool -n '__cachetool_takes import plan -- --fail-on-miss' -l fail-on-miss -d 'exit code 10 if anything misses'
complete -c cachetool -n '__cachetool_takes import plan -- --min-hit-rate' -l min-hit-rate -x -d 'exit code 10 below this share of hits among hits, misses and maybes'
complete -c cachetool -n '__cachetool_takes import plan -- --print' -l print -x -a 'miss hit maybe source unneeded' -d 'only the names with this status, a line each: miss, hit, maybe …'
complete -c cachetool -n '__cachetool_takes plan -- --materialize' -l materialize -x -a 'targets all' -d 'targets: the targets\' outputs, and what missing vertices read (default); all: of every vertex that hits, as import does'
complete -c cachetool -n '__cachetool_takes copy --' -l to -l cache-to -l export-cache -x -a '(__cachetool_place target)' -d 'write the copy here too'
complete -c cachetool -n '__cachetool_takes copy -- --form' -l form -x -a 'image-manifest index docker' -d 'wrap the copy as image-manifest, index or docker (a manifest list); default: as it is'
complete -c cachetool -n '__cachetool_takes copy -- --repair' -l repair -d 'read what a target has already, and bring again what is damaged there'
complete -c cachetool -n '__cachetool_takes copy merge -- --dry-run' -l dry-run -d 'tell what would be moved, and move nothing'
complete -c cachetool -n '__cachetool_takes merge -- --allow-missing' -l allow-missing -d 'a source that is not there is a warning'
complete -c cachetool -n '__cachetool_takes prune -- --apply' -l apply -d 'do it: without this, it is only told what would go'
complete -c cachetool -n '__cachetool_takes prune -- --to' -l to -x -a '(__cachetool_place target)' -d 'write the smaller cache here, and leave the one that is read as it is'
complete -c cachetool -n '__cachetool_takes prune -- --keep-last' -l keep-last -x -d 'drop results that were made before this time, as in 7d, 2w or 36h'
complete -c cachetool -n '__cachetool_takes prune -- --max-size' -l max-size -x -d 'drop the oldest results until all layers take so much, as in 2GB or 500MB'
complete -c cachetool -n '__cachetool_takes prune -- --max-results' -l max-results -x -d 'drop the oldest results until so many are left'
complete -c cachetool -n '__cachetool_takes prune -- --reachable-from' -l reachable-from -r -F -d 'drop results that this graph\'s targets, or the named vertices, neither hit today nor could once what misses was executed'
complete -c cachetool -n '__cachetool_takes prune --' -l keep -x -a '(__cachetool_vertices)' -d 'keep the results of this vertex, of vertices of this pattern (test-*), or of the record whose digest begins so, whatever else is asked for'
complete -c cachetool -n '__cachetool_takes inspect --' -l shared-with -x -a '(__cachetool_place source)' -d 'tell which layers it has in common with this cache'
complete -c cachetool -n '__cachetool_takes inspect -- --format' -l format -x -a 'text json dot tree html' -d 'text (default), json, dot, tree or html'
complete -c cachetool -n '__cachetool_takes inspect -- --output -o' -l output -s o -r -F -d 'write the answer to FILE, not to standard output'
complete -c cachetool -n '__cachetool_takes inspect -- --limit' -l limit -x -d 'of a tree, the most lines (default: 1000'
complete -c cachetool -n '__cachetool_takes ls -- --sort' -l sort -x -a 'size age name' -d 'size (default: the largest first), age (the newest) or name'
complete -c cachetool -n '__cachetool_takes diff -- --exit-code' -l exit-code -d 'exit code 10 if the caches differ'
complete -c cachetool -n '__cachetool_takes verify -- --deep' -l deep -d 'read every blob: its digest, its diffID, and whether it can be unpacked'
complete -c cachetool -n '__cachetool_takes verify --' -l for -x -a 'buildkit-0.11 docker-20.10 acr artifactory distribution docker-hub ecr gar gcr ghcr gitlab harbor quay' -d 'also what this registry or importer refuses: buildkit-0.11, docker-20.10, acr, artifactory, distribution, docker-hub, ecr, gar, gcr, ghcr, gitlab, harbor, quay; repeats'
complete -c cachetool -n '__cachetool_takes extract -- --to' -l to -x -a '(__fish_complete_directories)' -d 'write the files below this folder'
complete -c cachetool -n '__cachetool_takes store -- --all' -l all -d 'remove everything that no process uses'
complete -c cachetool -n '__cachetool_takes store -- --keep-last' -l keep-last -x -d 'keep what was used within this time, as in 7d, 2w or 36h'
complete -c cachetool -n '__cachetool_takes store -- --keep-storage' -l keep-storage -x -d 'remove only until the store has this size, as in 2GB or 500MB'
complete -c cachetool -n '__cachetool_takes store -- --keep-count' -l keep-count -x -d 'remove only until so many refs are left'
complete -c cachetool -n '__cachetool_takes store --' -l filter -x -a 'type=result type=pulled type=cache type=steps id= description= unused-for=' -d 'remove only these: type=result|pulled|cache|steps, id=PREFIX, description=PART, unused-for=TIME; repeats'
complete -c cachetool -n '__cachetool_takes store -- --caches' -l caches -d 'folders that steps keep or run in may go as well, if no step uses them'
complete -c cachetool -n '__cachetool_takes store -- --dry-run' -l dry-run -d 'tell what would be removed, and remove nothing'
complete -c cachetool -n '__cachetool_takes store -- --deep' -l deep -d 'read every file, and compare it with its digest'
complete -c cachetool -n '__cachetool_takes completion -- --vertices' -l vertices -r -F -d 'print the names of its vertices, a line each'
complete -c cachetool -n '__cachetool_takes "" --' -l version -d 'print the version'
