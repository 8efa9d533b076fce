#!/usr/bin/env bash
# The same BenchBase workload against PostgreSQL directly, PgBouncer and Tigger, in turns.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: run.sh --benchbase DIR [options]

  --benchbase DIR       unpacked benchbase-postgres (holds benchbase.jar); needs Java
  --workloads LIST      of ycsb-read,ycsb,tpcc,noop     [ycsb-read]
  --targets LIST        of direct,pgbouncer,tigger      [direct,pgbouncer,tigger]
  --mode MODE           simple or extended              [extended]
  --terminals N         clients                         [32]
  --seconds N           of one measurement              [60]
  --rounds N                                            [3]
  --scale N             scale factor of the workload    [10]
  --pool-size N         of the poolers started here     [10]
  --output DIR                                          [artifacts/benchbase/TIME]

Without the following, throwaway servers are started on free ports, and stopped at the end:
  --direct-port PORT    a running PostgreSQL (always needed when ports are given: data is loaded through it)
  --pgbouncer-port PORT, --tigger-port PORT
  --host HOST [127.0.0.1]  --user USER [bench]  --database NAME [bench]  password from PGPASSWORD
TEXT
}
die() { echo "run.sh: $*" >&2; exit 1; }
say() { echo "run.sh: $*"; }

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
benchbase='' workloads=ycsb-read targets=direct,pgbouncer,tigger mode=extended
terminals=32 seconds=60 rounds=3 scale=10 pool_size=10
output="$root/artifacts/benchbase/$(date -u +%Y%m%dT%H%M%SZ)"
host=127.0.0.1 user=bench database=bench password=${PGPASSWORD:-none}
declare -A port=()

while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage; exit 0 ;;
  esac
  [ $# -ge 2 ] || die "$1 needs a value"
  case "$1" in
    --benchbase) benchbase=$(cd "$2" && pwd) ;;
    --workloads | --targets | --mode | --terminals | --seconds | --rounds | --scale | --host | --user | --database)
      printf -v "${1#--}" %s "$2" ;;
    --pool-size) pool_size=$2 ;;
    --output) output=$2 ;;
    --direct-port | --pgbouncer-port | --tigger-port)
      name=${1#--}
      port[${name%-port}]=$2 ;;
    *) usage >&2; die "unknown option $1" ;;
  esac
  shift 2
done
IFS=, read -ra workload_list <<<"$workloads"
IFS=, read -ra target_list <<<"$targets"

[ -n "$benchbase" ] || { usage >&2; exit 2; }
[ -f "$benchbase/benchbase.jar" ] || die "no benchbase.jar in $benchbase"
command -v java >/dev/null || die "java is not installed"
case "$mode" in simple | extended) ;; *) die "--mode is simple or extended" ;; esac
for w in "${workload_list[@]}"; do [ -f "$here/$w.xml" ] || die "no workload $w"; done
for t in "${target_list[@]}"; do
  case "$t" in direct | pgbouncer | tigger) ;; *) die "no target $t" ;; esac
  [ ${#port[@]} -eq 0 ] || [ -n "${port[$t]:-}" ] || die "--$t-port is missing: give all ports or none"
done
[ ${#port[@]} -eq 0 ] || [ -n "${port[direct]:-}" ] || die "--direct-port is missing: data is loaded through it"

mkdir -p "$output"
output=$(cd "$output" && pwd)
work=$(mktemp -d)
pids=()
stop() { # SIGINT first: to PostgreSQL it means now; but a program started in the background may have it ignored
  local signal
  for signal in INT TERM KILL; do
    kill "-$signal" "$1" 2>/dev/null || return 0
    timeout 5 tail --pid="$1" -f /dev/null && return 0
  done
}
clean_up() {
  local i
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do # poolers before the database behind them
    stop "${pids[i]}"
  done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# shellcheck source=benchbase-configs/servers.sh
. "$here/servers.sh"
[ ${#port[@]} -gt 0 ] || start_servers

{
  echo "date:      $(date -u +%Y-%m-%dT%H:%M:%SZ)"
  echo "commit:    $(git -C "$root" describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)"
  echo "machine:   $(nproc) x $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo) MiB"
  echo "kernel:    $(uname -sr)"
  echo "java:      $(java -version 2>&1 | head -n 1)"
  for t in "${target_list[@]}"; do echo "$t: $host:${port[$t]} ${version[$t]:-not started here}"; done
  echo "workloads: $workloads, mode $mode, $terminals terminals, $seconds s, $rounds rounds, scale $scale, pool size $pool_size"
} | tee "$output/about.txt"

xml_text() { sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' <<<"$1"; }

benchbase() { # benchbase WORKLOAD TARGET DIRECTORY FLAGS...
  local workload=$1 target=$2 directory=$3 text token
  shift 3
  mkdir -p "$directory"
  text=$(<"$here/$workload.xml")
  # A replaced word may be a password with any character in it.
  for token in HOST="$host" PORT="${port[$target]}" USER="$user" PASSWORD="$password" DATABASE="$database" MODE="$mode" \
    SCALE="$scale" TERMINALS="$terminals" SECONDS="$seconds"; do
    text=${text//"@${token%%=*}@"/"$(xml_text "${token#*=}")"}
  done
  (umask 077 && printf '%s\n' "$text" >"$work/config.xml") # holds the password: never kept with the results
  # BenchBase finds its plugins relative to the current directory.
  (cd "$benchbase" && java -jar benchbase.jar -b "${workload%-read}" -c "$work/config.xml" -d "$directory" "$@") \
    >"$directory/benchbase.log" 2>&1 || { tail -n 20 "$directory/benchbase.log" >&2; die "$workload on $target failed"; }
}

load() {
  # No data, nothing to load.
  [ "$1" != noop ] || return 0
  benchbase "$1" direct "$output/$1-load" --create=true --load=true --execute=false
}

for w in "${workload_list[@]}"; do
  say "loading $w"
  load "$w"
  for ((round = 1; round <= rounds; round++)); do
    for t in "${target_list[@]}"; do
      # A workload that writes would hand the next target a bigger or smaller database.
      case "$w-$round-$t" in
        noop-* | ycsb-read-* | "$w-1-${target_list[0]}") ;;
        *) load "$w" ;;
      esac
      benchbase "$w" "$t" "$output/$w-$t-$round" --create=false --load=false --execute=true
      rate=$(cat "$output/$w-$t-$round"/*.summary.json 2>/dev/null | sed -n 's/.*"Throughput (requests\/second)": *\([0-9.]*\).*/\1/p' || true)
      say "round $round/$rounds  $w  $t  ${rate:-no summary} requests/s" | tee -a "$output/rates.txt"
    done
  done
done
say "results: $output"
