#compdef cachetool
# Completion of cachetool for zsh. Made by: cachetool completion zsh
# Nothing on the line is evaluated, no file is written, no registry is asked. Names of vertices come from cachetool itself.

_cachetool_verbs() {
  local -a verbs=(
@verbs@
  )
  _describe -t verbs verb verbs
}

# The names of the vertices of the graph on the line.
_cachetool_vertices() {
  local graph=${(Q)line[1]} name
  [[ $verb != prune ]] || graph=${(Q)opt_args[--reachable-from]//\\:/:}
  graph=${graph/#\~\//$HOME/}
  [[ -f $graph ]] || return 1
  local -a names=(${(f)"$(command $program completion --vertices=$graph --format=text </dev/null 2>/dev/null)"})
  _wanted vertices expl vertex compadd -a names
}

_cachetool_graphs() {
  _files -g '*.(json|yaml|yml)(-.)' || _files
}

# What a SPEC of the side goes on with, or one of the words behind it.
_cachetool_place() {
  local side=$1 expl
  local -a found words_too=("${@[2,-1]}")
  if compset -P 'oci-archive:'; then
    _files
  elif compset -P 'oci:'; then
    if [[ $PREFIX == *:* ]]; then
      local folder=${(Q)PREFIX%:*}
      compset -P '*:'
      [[ -f $folder/index.json ]] || return 1
      found=(${(f)"$(grep -o '"org\.opencontainers\.image\.ref\.name" *: *"[^"]*"' -- $folder/index.json 2>/dev/null |
        sed 's/.*: *"//; s/"$//')"})
      _wanted tags expl tag compadd -a found
    else
      _files -/
    fi
  elif [[ $side == source ]] && compset -P 'config:'; then
    _files
  elif [[ $PREFIX == *=* ]]; then
    _cachetool_attributes $side
  else
    case $side in
@schemes@
    esac
    (( ! $#words_too )) || _wanted words expl word compadd -a words_too
    _wanted places expl place compadd -S '' -a found
  fi
}

# A key or value of the last attribute.
_cachetool_attributes() {
  local side=$1 type='' each expl
  local -a given keys found
  given=(${(s:,:)${PREFIX%,*}})
  [[ $PREFIX == *,* ]] || given=()
  for each in $given; do
    [[ $each != type=* ]] || type=${each#type=}
  done
  given=(${given%%=*})
  compset -P '*,'
  if compset -P 'type='; then
    _wanted types expl type compadd -qS , -- @types@
    return
  fi
  if [[ -z $type ]]; then
    _wanted attributes expl attribute compadd -S '' -- type=
    return
  fi
  case $side/$type in
@keys@
  esac
  if [[ $PREFIX != *=* ]]; then
    found=(${${keys%% *}:|given})
    _wanted attributes expl attribute compadd -S = -a found
    return
  fi
  each=${PREFIX%%=*}
  compset -P 1 '*='
  found=(${(M)keys:#$each *})
  case ${${found[1]#* }%% *} in
    (folder) _files -/ ;;
    (file) _files ;;
    (word)
      found=(${=${found[1]#* word }})
      _wanted values expl value compadd -a found
      ;;
  esac
}

_cachetool() {
  local curcontext=$curcontext program=${(Q)words[1]} verb state each
  local -a line given specs
  local -A opt_args
  program=${program/#\~\//$HOME/}
  (( $+commands[$program] )) || [[ -x $program && $program == */* ]] || program=cachetool
  _arguments -C -A '-*' \
@common@
    '--version[print the version]' \
    '1: :_cachetool_verbs' \
    '*:: :->verb' && return
  [[ $state == verb ]] || return 1
  verb=$words[1] line=() given=(${(k)opt_args}) opt_args=()
  case $verb in
@flags@
  esac
  # What stands in front of the verb is not offered again behind it.
  for each in $given; do
    specs=("${(@)specs:#(${each}[=+\[]|\((|*\ )${each}[\ \)])*}")
  done
  _arguments -S "$specs[@]"
}

if [[ $funcstack[1] == _cachetool ]]; then
  _cachetool "$@"
else
  compdef _cachetool cachetool
fi
