# Completion of cachetool for bash 4 and newer. Made by: cachetool completion bash
# Nothing on the line is evaluated, no file is written, no registry is asked. Names of vertices come from cachetool itself.

# Sets flags=(NAMES REPEATS KIND [WORDS]…): the flags of a verb; without one, those of every verb.
_cachetool_flags() {
  flags=()
  case $1 in
    '')
      flags=(
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    run)
      flags=(
        '--from,--cache-from,--import-cache + source'
        '--to,--cache-to,--export-cache + target'
        '--store 1 folder'
        '--workspace 1 folder'
        '--jobs,-j 1 number'
        '--keep-going 1 none'
        '--no-cache 1 none'
        '--no-cache-filter + vertex'
        '--isolation 1 word auto namespace folder none'
        '--check-inputs 1 none'
        '--replay 1 none'
        '--dry-run 1 none'
        '--mode 1 word min max remote-only'
        '--export-roots 1 none'
        '--ignore-backlinks 1 none'
        '--fit 1 size'
        '--materialize 1 word targets all'
        '--preserve-special 1 none'
        '--strict 1 none'
        '--print 1 word executed hit failed skipped source unneeded miss maybe'
        '--dotenv 1 file'
        '--from-username 1 text'
        '--from-password-stdin 1 none'
        '--to-username 1 text'
        '--to-password-stdin 1 none'
        '--on-conflict 1 word replace merge fail'
        '--allow-fork-writes 1 none'
        '--plain-http + text'
        '--timeout 1 time'
        '--max-retry-after 1 time'
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    export)
      flags=(
        '--to,--cache-to,--export-cache + target'
        '--content + source'
        '--store 1 folder'
        '--workspace 1 folder'
        '--from-workspace 1 none'
        '--mode 1 word min max remote-only'
        '--export-roots 1 none'
        '--ignore-backlinks 1 none'
        '--fit 1 size'
        '--config-only 1 none'
        '--dotenv 1 file'
        '--from-username 1 text'
        '--from-password-stdin 1 none'
        '--to-username 1 text'
        '--to-password-stdin 1 none'
        '--on-conflict 1 word replace merge fail'
        '--allow-fork-writes 1 none'
        '--plain-http + text'
        '--timeout 1 time'
        '--max-retry-after 1 time'
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    import)
      flags=(
        '--from,--cache-from,--import-cache + source'
        '--store 1 folder'
        '--workspace 1 folder'
        '--materialize 1 word targets all'
        '--preserve-special 1 none'
        '--strict 1 none'
        '--fail-on-miss 1 none'
        '--min-hit-rate 1 number'
        '--print 1 word miss hit maybe source unneeded'
        '--dotenv 1 file'
        '--from-username 1 text'
        '--from-password-stdin 1 none'
        '--plain-http + text'
        '--timeout 1 time'
        '--max-retry-after 1 time'
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    plan)
      flags=(
        '--from,--cache-from,--import-cache + source'
        '--store 1 folder'
        '--workspace 1 folder'
        '--no-cache 1 none'
        '--no-cache-filter + vertex'
        '--isolation 1 word auto namespace folder none'
        '--materialize 1 word targets all'
        '--strict 1 none'
        '--fail-on-miss 1 none'
        '--min-hit-rate 1 number'
        '--print 1 word miss hit maybe source unneeded'
        '--dotenv 1 file'
        '--from-username 1 text'
        '--from-password-stdin 1 none'
        '--plain-http + text'
        '--timeout 1 time'
        '--max-retry-after 1 time'
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    copy)
      flags=(
        '--to,--cache-to,--export-cache + target'
        '--form 1 word image-manifest index docker'
        '--repair 1 none'
        '--dry-run 1 none'
        '--dotenv 1 file'
        '--from-username 1 text'
        '--from-password-stdin 1 none'
        '--to-username 1 text'
        '--to-password-stdin 1 none'
        '--on-conflict 1 word replace merge fail'
        '--allow-fork-writes 1 none'
        '--plain-http + text'
        '--timeout 1 time'
        '--max-retry-after 1 time'
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    merge)
      flags=(
        '--to,--cache-to,--export-cache + target'
        '--fit 1 size'
        '--dry-run 1 none'
        '--allow-missing 1 none'
        '--dotenv 1 file'
        '--from-username 1 text'
        '--from-password-stdin 1 none'
        '--to-username 1 text'
        '--to-password-stdin 1 none'
        '--on-conflict 1 word replace merge fail'
        '--allow-fork-writes 1 none'
        '--plain-http + text'
        '--timeout 1 time'
        '--max-retry-after 1 time'
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    prune)
      flags=(
        '--apply 1 none'
        '--to 1 target'
        '--keep-last 1 time'
        '--max-size 1 size'
        '--max-results 1 number'
        '--fit 1 size'
        '--reachable-from 1 graph'
        '--keep + vertex'
        '--workspace 1 folder'
        '--store 1 folder'
        '--isolation 1 word auto namespace folder none'
        '--from-username 1 text'
        '--from-password-stdin 1 none'
        '--to-username 1 text'
        '--to-password-stdin 1 none'
        '--on-conflict 1 word replace merge fail'
        '--allow-fork-writes 1 none'
        '--plain-http + text'
        '--timeout 1 time'
        '--max-retry-after 1 time'
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    cachemap)
      flags=(
        '--workspace 1 folder'
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    inspect)
      flags=(
        '--shared-with + source'
        '--format 1 word text json dot tree html'
        '--output,-o 1 file'
        '--limit 1 number'
        '--from-username 1 text'
        '--from-password-stdin 1 none'
        '--plain-http + text'
        '--timeout 1 time'
        '--max-retry-after 1 time'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    ls)
      flags=(
        '--sort 1 word size age name'
        '--from-username 1 text'
        '--from-password-stdin 1 none'
        '--plain-http + text'
        '--timeout 1 time'
        '--max-retry-after 1 time'
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    diff)
      flags=(
        '--exit-code 1 none'
        '--from-username 1 text'
        '--from-password-stdin 1 none'
        '--plain-http + text'
        '--timeout 1 time'
        '--max-retry-after 1 time'
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    explain)
      flags=(
        '--from,--cache-from,--import-cache + source'
        '--store 1 folder'
        '--workspace 1 folder'
        '--isolation 1 word auto namespace folder none'
        '--strict 1 none'
        '--from-username 1 text'
        '--from-password-stdin 1 none'
        '--plain-http + text'
        '--timeout 1 time'
        '--max-retry-after 1 time'
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    verify)
      flags=(
        '--deep 1 none'
        '--for + word buildkit-0.11 docker-20.10 acr artifactory distribution docker-hub ecr gar gcr ghcr gitlab harbor quay'
        '--from-username 1 text'
        '--from-password-stdin 1 none'
        '--plain-http + text'
        '--timeout 1 time'
        '--max-retry-after 1 time'
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    extract)
      flags=(
        '--to 1 folder'
        '--store 1 folder'
        '--from-username 1 text'
        '--from-password-stdin 1 none'
        '--plain-http + text'
        '--timeout 1 time'
        '--max-retry-after 1 time'
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    store)
      flags=(
        '--store 1 folder'
        '--all 1 none'
        '--keep-last 1 time'
        '--keep-storage 1 size'
        '--keep-count 1 number'
        '--filter + word type=result type=pulled type=cache type=steps id= description= unused-for='
        '--caches 1 none'
        '--dry-run 1 none'
        '--deep 1 none'
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    completion)
      flags=(
        '--vertices 1 graph'
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
    version)
      flags=(
        '--format 1 word text json'
        '--metadata-file 1 file'
        '--progress 1 word auto plain tty quiet rawjson'
        '--quiet,-q 1 none'
        '--verbose,-v 1 none'
        '--debug 1 none'
        '--help,-h 1 none'
      )
      ;;
  esac
}

# Sets arguments=(REPEATS KIND [WORDS]…): what stands behind a verb.
_cachetool_arguments() {
  arguments=()
  case $1 in
    run)
      arguments=(
        '1 graph'
        '+ vertex'
      )
      ;;
    export)
      arguments=(
        '1 graph'
      )
      ;;
    import)
      arguments=(
        '1 graph'
      )
      ;;
    plan)
      arguments=(
        '1 graph'
        '+ vertex'
      )
      ;;
    copy)
      arguments=(
        '1 source'
        '+ target'
      )
      ;;
    merge)
      arguments=(
        '+ source'
      )
      ;;
    prune)
      arguments=(
        '1 source'
        '+ vertex'
      )
      ;;
    cachemap)
      arguments=(
        '1 graph'
      )
      ;;
    inspect)
      arguments=(
        '1 source'
      )
      ;;
    ls)
      arguments=(
        '1 source'
        '+ text'
      )
      ;;
    diff)
      arguments=(
        '1 source'
        '1 source'
      )
      ;;
    explain)
      arguments=(
        '1 graph'
        '+ vertex'
      )
      ;;
    verify)
      arguments=(
        '+ source'
      )
      ;;
    extract)
      arguments=(
        '1 source store'
        '1 text'
        '+ text'
      )
      ;;
    store)
      arguments=(
        '1 word ls du prune verify'
      )
      ;;
    completion)
      arguments=(
        '1 word bash zsh fish'
      )
      ;;
    help)
      arguments=(
        '1 word run export import plan copy merge prune cachemap inspect ls diff explain verify extract store completion version places exit-codes environment'
      )
      ;;
  esac
}

# Sets keys=(NAME KIND [WORDS]…): the attributes of a place of a side and type.
_cachetool_keys() {
  keys=()
  case $1 in
    source/registry)
      keys=(
        'ref text'
        'registry.insecure word true false'
      )
      ;;
    source/local)
      keys=(
        'src folder'
        'tag text'
        'digest text'
      )
      ;;
    source/tar)
      keys=(
        'src file'
        'tag text'
        'digest text'
      )
      ;;
    target/registry)
      keys=(
        'ref text'
        'registry.insecure word true false'
        'mode word min max remote-only'
        'image-manifest word true false'
        'oci-mediatypes word true false'
        'compression word gzip uncompressed zstd'
        'compression-level text'
        'force-compression word true false'
        'ignore-error word true false'
      )
      ;;
    target/local)
      keys=(
        'dest folder'
        'tag text'
        'reset word true false'
        'mode word min max remote-only'
        'image-manifest word true false'
        'oci-mediatypes word true false'
        'compression word gzip uncompressed zstd'
        'compression-level text'
        'force-compression word true false'
        'ignore-error word true false'
      )
      ;;
    target/tar)
      keys=(
        'dest file'
        'tag text'
        'mode word min max remote-only'
        'image-manifest word true false'
        'oci-mediatypes word true false'
        'compression word gzip uncompressed zstd'
        'compression-level text'
        'force-compression word true false'
        'ignore-error word true false'
      )
      ;;
  esac
}

# Splits the line up to the cursor as the shell does. Sets words, what stands before the last word; cur, the last word without
# quotes; quote, the one that it ends in; head, the beginning of cur that readline leaves alone; redirect, if a file is meant.
_cachetool_split() {
  local line=$1 c next word='' begun='' before='' i
  words=() quote='' head='' redirect=''
  for ((i = 0; i < ${#line}; i++)); do
    c=${line:i:1} next=${line:i+1:1}
    case $quote$c in
      "''" | '""') quote='' head=$before ;;
      '"\')
        if [[ $next == ['"\$`'] ]]; then
          word+=$next
          i=$((i + 1))
        else
          word+=$c
        fi
        ;;
      "'"?* | '"'?*) word+=$c ;;
      "'" | '"') quote=$c begun=1 before=$head head=$word ;;
      \\) word+=$next begun=1 i=$((i + 1)) ;;
      ' ' | $'\t' | '<' | '>')
        if [[ $begun && ! $redirect ]] && ! [[ $c == ['<>'] && $word =~ ^[0-9]+$ ]]; then
          words+=("$word")
        fi
        [[ ! $begun ]] || redirect=''
        [[ $c != ['<>'] ]] || redirect=1
        word='' begun='' head='' before=''
        ;;
      *)
        word+=$c begun=1
        [[ $c != [:=] || $COMP_WORDBREAKS != *"$c"* ]] || head=$word
        ;;
    esac
  done
  cur=$word
  # As in: NAME=value cachetool …
  while [[ ${words[0]} == [A-Za-z_]*=* ]]; do
    words=("${words[@]:1}")
  done
}

# Finds the flag of a name; sets names, repeats, kind and choices.
_cachetool_find() {
  local line
  for line in "${flags[@]}"; do
    names=${line%% *} line=${line#* }
    repeats=${line%% *} line=${line#* }
    kind=${line%% *} choices=${line#"${line%% *}"}
    choices=${choices# }
    [[ ,$names, != *",$1,"* ]] || return 0
  done
  return 1
}

# Offers a word, if it begins as what stands there, in the quotes that it stands in.
_cachetool_offer() {
  local text=$1 c i quoted=''
  [[ $text == "$cur"* && $text != *[[:cntrl:]]* ]] || return 0
  # Those before the cursor's word break stay as they are.
  text=${text#"$head"}
  case $quote in
    "'") quoted=${text//"'"/"'\\''"} ;;
    '"')
      for ((i = 0; i < ${#text}; i++)); do
        c=${text:i:1}
        [[ $c != ['"\$`'] ]] || quoted+=\\
        quoted+=$c
      done
      ;;
    *)
      if [[ $text == '~/'* && ! $head ]]; then
        quoted='~/' text=${text:2}
      fi
      for ((i = 0; i < ${#text}; i++)); do
        c=${text:i:1}
        [[ $' "\'`$\\&;|<>(){}*?![]#~^' != *"$c"* ]] || quoted+=\\
        quoted+=$c
      done
      ;;
  esac
  COMPREPLY+=("$quoted")
}

# Offers the paths that begin as the value: of folders alone, of files, or of graphs first; PLAIN leaves out what attributes
# would have to quote.
_cachetool_paths() {
  local what=$1 before=$2 value=$3 plain=${4-} shown=$3 path failglob='' found=() graphs=()
  if [[ $value == '~/'* && ! $before && ! $quote ]]; then
    value=$HOME/${value:2}
  fi
  if shopt -q failglob; then
    failglob=1
    shopt -u failglob
  fi
  for path in "$value"*; do
    [[ -e $path || -L $path ]] || continue
    [[ ! $plain || $path != *[,\"]* ]] || continue
    if [[ -d $path ]]; then
      # A layout is complete as it is.
      if [[ $what == layout && -f $path/index.json ]]; then
        found+=("$path")
      else
        found+=("$path/")
      fi
    elif [[ $what == file || $what == graph ]]; then
      found+=("$path")
    fi
  done
  [[ ! $failglob ]] || shopt -s failglob
  if [[ $what == graph ]]; then
    for path in "${found[@]}"; do
      [[ $path != */ && $path != *.json && $path != *.yaml && $path != *.yml ]] || graphs+=("$path")
    done
    [[ ${#graphs[@]} -eq 0 ]] || found=("${graphs[@]}")
  fi
  for path in "${found[@]}"; do
    _cachetool_offer "$before$shown${path#"$value"}"
  done
}

# Offers the names of the vertices of the graph on the line.
_cachetool_vertices() {
  local before=$1 program=${words[0]} name
  [[ $graph != '~/'* ]] || graph=$HOME/${graph:2}
  [[ $program != '~/'* ]] || program=$HOME/${program:2}
  [[ -f $graph ]] || return 0
  type -P -- "$program" >/dev/null || program=cachetool
  while IFS= read -r name; do
    _cachetool_offer "$before$name"
  done < <(command "$program" completion --vertices="$graph" --format=text </dev/null 2>/dev/null)
}

# Offers the tags of a layout.
_cachetool_tags() {
  local before=$1 folder=$2 tag
  [[ -f $folder/index.json ]] || return 0
  while IFS= read -r tag; do
    _cachetool_offer "$before${tag//\"/}"
  done < <(grep -o '"org\.opencontainers\.image\.ref\.name" *: *"[^"]*"' -- "$folder/index.json" 2>/dev/null |
    sed 's/.*: *//')
}

# Offers what a SPEC goes on with.
_cachetool_place() {
  local side=$1 before=$2 value=$3 scheme
  case $value in
    oci:*:*)
      scheme=${value%:*}
      _cachetool_tags "$before$scheme:" "${scheme#oci:}"
      ;;
    oci:*) _cachetool_paths layout "${before}oci:" "${value#oci:}" ;;
    oci-archive:*) _cachetool_paths file "${before}oci-archive:" "${value#oci-archive:}" ;;
    config:*) [[ $side == target ]] || _cachetool_paths file "${before}config:" "${value#config:}" ;;
    *:*) [[ $value != *=* ]] || _cachetool_attributes "$side" "$before" "$value" ;;
    *=*) _cachetool_attributes "$side" "$before" "$value" ;;
    *)
      case $side in
        source) _cachetool_value word "$before" "$value" 'docker:// oci: oci-archive: config: type=' ;;
        target) _cachetool_value word "$before" "$value" 'docker:// oci: oci-archive: type=' ;;
      esac
      ;;
  esac
}

# Offers a key or value of the last attribute.
_cachetool_attributes() {
  local side=$1 before=$2 value=$3 field=${3##*,} type='' given=, part rest key keys kind
  rest=${value%"$field"}
  before+=$rest
  while [[ $rest ]]; do
    part=${rest%%,*} rest=${rest#*,}
    given+=${part%%=*},
    [[ $part != type=* ]] || type=${part#type=}
  done
  if [[ $field == type=* ]]; then
    for part in registry local tar; do
      _cachetool_offer "${before}type=$part,"
    done
    return
  fi
  if [[ ! $type ]]; then
    _cachetool_offer "${before}type="
    return
  fi
  _cachetool_keys "$side/$type"
  for key in "${keys[@]}"; do
    part=${key%% *} key=${key#* } kind=${key%% *}
    [[ $given != *",$part,"* ]] || continue
    if [[ $field != *=* ]]; then
      _cachetool_offer "$before$part="
    elif [[ $part == "${field%%=*}" ]]; then
      case $kind in
        word) _cachetool_value word "$before$part=" "${field#*=}" "${key#* }" ;;
        folder) _cachetool_paths layout "$before$part=" "${field#*=}" plain ;;
        file) _cachetool_paths file "$before$part=" "${field#*=}" plain ;;
      esac
    fi
  done
}

# Offers values of a kind; BEFORE is what of the word stands in front of the value.
_cachetool_value() {
  local kind=$1 before=$2 value=$3 choices=$4 choice
  while [[ $choices ]]; do
    choice=${choices%% *}
    _cachetool_offer "$before$choice"
    [[ $choices == *' '* ]] || break
    choices=${choices#* }
  done
  case $kind in
    source | target) _cachetool_place "$kind" "$before" "$value" ;;
    file) _cachetool_paths file "$before" "$value" ;;
    folder) _cachetool_paths folder "$before" "$value" ;;
    graph) _cachetool_paths graph "$before" "$value" ;;
    vertex) _cachetool_vertices "$before" ;;
  esac
}

# Offers the names of flags that can be added.
_cachetool_names() {
  local line names repeats name
  for line in "${flags[@]}"; do
    names=${line%% *} line=${line#* } repeats=${line%% *}
    for name in ${names//,/ }; do
      [[ $repeats == + || $given != *" $name "* ]] || continue 2
    done
    for name in ${names//,/ }; do
      _cachetool_offer "$name"
    done
  done
  [[ $verb ]] || _cachetool_offer --version
}

_cachetool() {
  local IFS=$' \t\n' words cur quote head redirect flags arguments
  local verb='' given=' ' positionals=() pending='' behind='' graph='' word names repeats kind choices line
  COMPREPLY=()
  _cachetool_split "${COMP_LINE:0:COMP_POINT}"
  if [[ $redirect ]]; then
    _cachetool_paths file '' "$cur"
    return
  fi
  _cachetool_flags ''
  for word in "${words[@]:1}"; do
    if [[ $pending ]]; then
      [[ $pending != graph ]] || graph=$word
      pending=''
    elif [[ $behind || $word != -?* ]]; then
      if [[ $verb ]]; then
        positionals+=("$word")
      else
        verb=$word
        _cachetool_flags "$verb"
      fi
    elif [[ $word == -- ]]; then
      behind=1
    elif _cachetool_find "${word%%=*}"; then
      given+="${word%%=*} "
      if [[ $word == --*=* ]]; then
        [[ $kind != graph ]] || graph=${word#*=}
      elif [[ $kind != none ]]; then
        pending=$kind
      fi
    fi
  done
  if [[ $pending ]]; then
    _cachetool_find "$word"
  elif [[ $cur == --*=* && ! $behind ]]; then
    _cachetool_find "${cur%%=*}" || return 0
  fi
  _cachetool_arguments "$verb"
  if [[ ${arguments[0]} == '1 graph'* ]]; then
    graph=${positionals[0]-}
  fi
  if [[ $pending ]]; then
    _cachetool_value "$kind" '' "$cur" "$choices"
  elif [[ $cur == --*=* && ! $behind ]]; then
    _cachetool_value "$kind" "${cur%%=*}=" "${cur#*=}" "$choices"
  elif [[ $cur == -* && ! $behind ]]; then
    _cachetool_names
  elif [[ ! $verb ]]; then
    _cachetool_value word '' "$cur" 'run export import plan copy merge prune cachemap inspect ls diff explain verify extract store completion version help'
  else
    line=${arguments[${#positionals[@]}]-}
    if [[ ! $line && ${#arguments[@]} -gt 0 && ${arguments[${#arguments[@]}-1]} == +* ]]; then
      line=${arguments[${#arguments[@]}-1]}
    fi
    if [[ $line ]]; then
      line=${line#* } kind=${line%% *} choices=${line#"$kind"}
      _cachetool_value "$kind" '' "$cur" "${choices# }"
    else
      _cachetool_names
    fi
  fi
  if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[/=,:] ]]; then
    compopt -o nospace 2>/dev/null
  fi
  return 0
}

complete -F _cachetool cachetool
