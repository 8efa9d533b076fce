# shellcheck shell=bash
# Throwaway servers for run.sh, which sources this file. Everything lies in $work and is stopped through ${pids[@]}.
# shellcheck disable=SC2154,SC2034  # the variables are run.sh's

declare -A version=()

# PostgreSQL and PgBouncer refuse to run as root.
unprivileged=()
if [ "$(id -u)" -eq 0 ]; then
  account=postgres
  id -u "$account" >/dev/null 2>&1 || account=nobody
  unprivileged=(setpriv "--reuid=$account" "--regid=$(id -gn "$account")" --clear-groups)
fi

program() { # program NAME: where it is; Debian keeps PostgreSQL's programs and PgBouncer out of PATH
  local found
  found=$(compgen -G "/usr/lib/postgresql/*/bin/$1" | sort -V | tail -n 1 || true)
  [ -n "$found" ] || found=$(command -v "$1" || compgen -G "/usr/sbin/$1" || true)
  [ -n "$found" ] || die "$1 is not installed; run make deps"
  echo "$found"
}

free_port() {
  local p
  while :; do
    p=$((20000 + RANDOM % 12000)) # below the range the kernel gives to outgoing connections
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null; then
      echo "$p"
      return
    fi
  done
}

start() { # start NAME DATABASE COMMAND...: runs it in the background and waits until it answers
  local name=$1 wait_database=$2 i psql
  shift 2
  psql=$(program psql)
  (cd / && exec "$@") >"$work/$name.log" 2>&1 &
  pids+=($!)
  for ((i = 0; i < 100; i++)); do
    if PGCONNECT_TIMEOUT=5 "$psql" -X -q -h 127.0.0.1 -p "${port[$name]}" -U "$user" -d "$wait_database" -c '' 2>/dev/null; then return; fi
    kill -0 "${pids[-1]}" 2>/dev/null || break
    sleep 0.2
  done
  tail -n 20 "$work/$name.log" >&2
  die "$name did not start"
}

start_servers() {
  local t
  host=127.0.0.1
  if [ ${#unprivileged[@]} -gt 0 ]; then chown "$account" "$work"; fi
  port[direct]=$(free_port)
  "${unprivileged[@]}" "$(program initdb)" -D "$work/data" -U "$user" -A trust --no-sync -E UTF8 --locale=C >/dev/null
  # No disk in the way: what differs between the targets is what is measured.
  start direct postgres "${unprivileged[@]}" "$(program postgres)" -D "$work/data" -p "${port[direct]}" -k "$work" \
    -c listen_addresses=127.0.0.1 -c "max_connections=$((terminals + 50))" -c shared_buffers=256MB \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=4GB -c jit=off
  "$(program psql)" -X -q -h 127.0.0.1 -p "${port[direct]}" -U "$user" -d postgres -c "create database \"$database\""
  version[direct]=$("$(program postgres)" --version)
  printf '"%s" ""\n' "$user" >"$work/userlist.txt"
  for t in "${target_list[@]}"; do
    case "$t" in pgbouncer) start_pgbouncer ;; tigger) start_tigger ;; esac
  done
}

# The JDBC driver asks for extra_float_digits at login, which a pooler cannot carry from server to server.
start_pgbouncer() {
  port[pgbouncer]=$(free_port)
  cat >"$work/pgbouncer.ini" <<INI
[databases]
$database = host=127.0.0.1 port=${port[direct]}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port[pgbouncer]}
unix_socket_dir =
auth_type = trust
auth_file = $work/userlist.txt
pool_mode = transaction
default_pool_size = $pool_size
max_client_conn = $((terminals + 50))
ignore_startup_parameters = extra_float_digits
log_connections = 0
log_disconnections = 0
INI
  start pgbouncer "$database" "${unprivileged[@]}" "$(program pgbouncer)" "$work/pgbouncer.ini"
  version[pgbouncer]=$("$(program pgbouncer)" -V | head -n 1)
}

start_tigger() {
  local tigger=$root/Tigger.Proxy/bin/Release/net10.0/tigger
  [ -x "$tigger" ] || die "$tigger is missing; run make build"
  port[tigger]=$(free_port)
  cat >"$work/tigger.yaml" <<YAML
listen_addr: 127.0.0.1
listen_port: ${port[tigger]}
unix_socket_dir: ""
auth_type: trust
auth_file: $work/userlist.txt
pool_mode: transaction
default_pool_size: $pool_size
max_client_conn: $((terminals + 50))
ignore_startup_parameters: [extra_float_digits]
log_connections: 0
log_disconnections: 0
databases:
  $database: { host: 127.0.0.1, port: ${port[direct]} }
YAML
  start tigger "$database" "$tigger" run -c "$work/tigger.yaml"
  version[tigger]=$("$tigger" version | head -n 1)
}
