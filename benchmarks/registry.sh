#!/bin/bash
# benchmarks/registry.sh [ROUNDS [MB [LAYERS]]]: pushes and pulls a cache of MB (default 400) in LAYERS (default 20) layers of random
# bytes, cachetool beside skopeo, crane, regctl and oras as far as they are on the PATH, taking turns, over plain HTTP and over TLS,
# each time against an empty registry (Debian's docker-registry) on this machine. Prints the median seconds and peak MiB of each, and the
# ratio of cachetool to the best of the others in the same rounds. Needs docker-registry, openssl and GNU time.
set -euo pipefail
rounds=${1:-3} mb=${2:-400} layers=${3:-20}
cd "$(dirname "$0")/.."
cachetool=$PWD/target/dist/cachetool/bin/cachetool
[ -x "$cachetool" ] || { echo "make the distribution first: mvn -Pquick package" >&2; exit 1; }
command -v docker-registry openssl >/dev/null || { echo "install docker-registry and openssl first" >&2; exit 1; }
work=$(mktemp -d)
registry=
trap '[ -z "$registry" ] || kill "$registry" 2>/dev/null || true; rm -rf "$work"' EXIT

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null

# start_registry PORT [tls]: an empty one.
start_registry() {
  [ -z "$registry" ] || { kill "$registry"; wait "$registry" 2>/dev/null || true; }
  rm -rf "$work/storage"
  {
    printf 'version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: %s}}\n' "$work/storage"
    printf 'http:\n  addr: localhost:%s\n' "$1"
    [ $# -lt 2 ] || printf '  tls: {certificate: %s, key: %s}\n' "$work/cert.pem" "$work/key.pem"
  } >"$work/registry.yml"
  docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
  registry=$!
  until curl -sk -o /dev/null "http://localhost:$1/v2/"; do sleep 0.05; done
}

# The cache: one opaque vertex for each layer, under one target.
mkdir "$work/graph"
size=$((mb * 1000000 / layers))
{
  printf '{"schemaVersion":1,"vertices":['
  for i in $(seq "$layers"); do
    head -c "$size" /dev/urandom >"$work/graph/$i"
    digest=sha256:$(sha256sum "$work/graph/$i" | cut -d' ' -f1)
    key=sha256:$(printf 'layer %s' "$i" | sha256sum | cut -d' ' -f1)
    printf '{"name":"v%s","op":{"opaque":{"cacheMaps":[{"digest":"%s"}]}},' "$i" "$key"
    printf '"results":[{"remote":true,"layers":[{"digest":"%s","size":%s,"diffID":"%s",' "$digest" "$size" "$digest"
    printf '"mediaType":"application/vnd.oci.image.layer.v1.tar","file":"%s"}]}]},' "$i"
  done
  printf '{"name":"all","op":{"opaque":{"cacheMaps":[{"digest":"sha256:%s"}]}},"inputs":[' "$(printf all | sha256sum | cut -d' ' -f1)"
  for i in $(seq "$layers"); do printf '%s{"vertex":"v%s"}' "$([ "$i" = 1 ] || printf ,)" "$i"; done
  printf ']}],"targets":[{"vertex":"all"}]}'
} >"$work/graph/graph.json"
"$cachetool" export "$work/graph/graph.json" --mode=max --export-roots --to "oci:$work/layout" -q >/dev/null

# run LABEL COMMAND...: appends seconds and KiB to the label's file.
run() {
  local label=$1
  shift
  if ! /usr/bin/time -o "$work/time" -f '%e %M' "$@" >"$work/out" 2>&1; then
    echo "failed: $*" >&2
    cat "$work/out" >&2
    return 1
  fi
  tail -n 1 "$work/time" >>"$work/figures.$label"
}

# Each peer's way to push the layout, and to pull into one; $1 is host:port, $2 tls or nothing.
push_cachetool() { "$cachetool" copy "oci:$work/layout" "$1/bench/app:cache" -q; }
push_skopeo() { skopeo copy -q "--dest-tls-verify=$3" "oci:$work/layout:latest" "docker://$1/bench/app:cache"; }
push_crane() { crane push $4 "$work/layout" "$1/bench/app:cache"; }
push_regctl() { regctl $5 image copy "ocidir://$work/layout:latest" "$1/bench/app:cache"; }
push_oras() { oras copy $6 --from-oci-layout "$work/layout:latest" "$1/bench/app:cache"; }
pull_cachetool() { "$cachetool" copy "$1/bench/app:cache" "oci:$work/pulled" -q; }
pull_skopeo() { skopeo copy -q "--src-tls-verify=$3" "docker://$1/bench/app:cache" "oci:$work/pulled:latest"; }
pull_crane() { crane pull $4 --format oci "$1/bench/app:cache" "$work/pulled"; }
pull_regctl() { regctl $5 image copy "$1/bench/app:cache" "ocidir://$work/pulled:latest"; }
pull_oras() { oras copy $7 --to-oci-layout "$1/bench/app:cache" "$work/pulled:latest"; }
export work cachetool
export -f push_cachetool push_skopeo push_crane push_regctl push_oras pull_cachetool pull_skopeo pull_crane pull_regctl pull_oras

peers=(cachetool)
for peer in skopeo crane regctl oras; do
  if command -v "$peer" >/dev/null; then peers+=("$peer"); else echo "$peer is not here" >&2; fi
done

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# part NAME SCHEME
part() {
  local port=$((20000 + RANDOM % 20000)) tls=() args
  [ "$2" = http ] || tls=(tls)
  local host=localhost:$port
  if [ "$2" = http ]; then
    args=("$host" "" false "--insecure" "--host reg=$host,tls=disabled" "--to-plain-http" "--from-plain-http")
  else
    args=("$host" tls true "" "--host reg=$host" "--to-plain-http=false" "--from-plain-http=false")
    export SSL_CERT_FILE=$work/cert.pem
  fi
  for _ in $(seq "$rounds"); do
    for peer in "${peers[@]}"; do
      start_registry "$port" "${tls[@]}"
      run "$1.push.$peer" bash -c "push_$peer"' "$@"' _ "${args[@]}"
      run "$1.again.$peer" bash -c "push_$peer"' "$@"' _ "${args[@]}"
      rm -rf "$work/pulled"
      run "$1.pull.$peer" bash -c "pull_$peer"' "$@"' _ "${args[@]}"
      if [ "$peer" = cachetool ]; then run "$1.inspect.$peer" "$cachetool" inspect "$host/bench/app:cache"; fi
    done
  done
  unset SSL_CERT_FILE
  for what in push again pull inspect; do
    local best= own=
    for peer in "${peers[@]}"; do
      file=$work/figures.$1.$what.$peer
      [ -f "$file" ] || continue
      seconds=$(cut -d' ' -f1 "$file" | median)
      kib=$(cut -d' ' -f2 "$file" | median)
      printf '%-6s %-8s %-10s %7.2f s %6.0f MiB\n' "$1" "$what" "$peer" "$seconds" "$(echo "$kib / 1024" | bc -l)"
      if [ "$peer" = cachetool ]; then own=$seconds
      elif [ -z "$best" ] || [ "$(echo "$seconds < $best" | bc)" = 1 ]; then best=$seconds; fi
    done
    [ -z "$best" ] || printf '%-6s %-8s cachetool by the best of the others: %.2f\n' "$1" "$what" "$(echo "$own / $best" | bc -l)"
  done
}

echo "$mb MB in $layers layers, $rounds rounds, load $(cut -d' ' -f1-3 /proc/loadavg)"
part http http
part https https
