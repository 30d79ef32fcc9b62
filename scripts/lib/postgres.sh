# Functions to make, start and stop a private Postgres in a directory of its own. To be sourced.
#
#   postgres_start DIRECTORY [-c NAME=VALUE…]   initdb where there is none, start, export PG*
#   postgres_stop DIRECTORY [MODE]              stop it (fast unless told otherwise) where it runs
#   postgres_running DIRECTORY                  whether it runs
#   postgres_directory DIRECTORY                print it, or one that Postgres can use in its place
#
# What is in DIRECTORY is disposable: no fsync. Never touches a cluster that is already there: it has its own data, socket directory and a free port.

postgres_bin() {
  local candidate found=
  for candidate in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V); do
    if [ -x "$candidate/initdb" ]; then found=$candidate; fi
  done
  [ -n "$found" ] || { echo "postgres: no initdb under /usr/lib/postgresql: run scripts/setup" >&2; return 1; }
  echo "$found"
}

# Postgres refuses to run as root: there it runs as the package's own user.
postgres_as() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=postgres --regid=postgres --init-groups "$@"
  else
    "$@"
  fi
}

# DIRECTORY, made where it is missing, or where root's Postgres user cannot get there (a checkout
# under /root, say) one in that user's home that belongs to it.
postgres_directory() {
  local directory=$1 home
  mkdir -p "$directory"
  directory=$(readlink -f "$directory")
  if [ "$(id -u)" = 0 ] && ! postgres_as test -x "$(dirname "$directory")"; then
    home=$(getent passwd postgres | cut -d: -f6)
    directory=${home:-/var/lib/postgresql}/tidegauge-$(cksum <<<"$directory" | cut -d' ' -f1)
    mkdir -p "$directory"
  fi
  echo "$directory"
}

free_port() {
  local port
  for _ in $(seq 200); do
    port=$((20000 + RANDOM % 12000))
    # In use by someone: connecting works. Free: it fails.
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
  echo "no free port found" >&2
  return 1
}

postgres_start() {
  local directory=$1 bin options="" sockets
  shift
  bin=$(postgres_bin)
  mkdir -p "$directory"
  directory=$(readlink -f "$directory")
  chmod 700 "$directory"
  if [ "$(id -u)" = 0 ]; then
    chown postgres: "$directory"
  fi
  # Made beside its place and moved there when it is whole; anew for another major version.
  if [ "$(cat "$directory/data/PG_VERSION" 2>/dev/null)" != "$(basename "$(dirname "$bin")")" ]; then
    rm -rf "$directory/data" "$directory/data.new"
    postgres_as "$bin/initdb" -D "$directory/data.new" -U postgres -A trust -E UTF8 --locale=C.UTF-8 \
      --no-sync >"$directory/initdb.log" 2>&1 || { cat "$directory/initdb.log" >&2; return 1; }
    mv "$directory/data.new" "$directory/data"
  fi
  local setting
  for setting in "$@"; do
    options+=" $setting"
  done
  # The path of a socket has room for 107 bytes.
  sockets=$directory
  if [ ${#sockets} -gt 85 ]; then
    sockets=$(mktemp -d /tmp/tidegauge-sockets.XXXXXX)
    if [ "$(id -u)" = 0 ]; then chown postgres: "$sockets"; fi
  fi
  local try port
  for try in 1 2 3 4 5; do
    port=$(free_port)
    if (cd "$directory" && postgres_as "$bin/pg_ctl" -D "$directory/data" -w -t 60 -l "$directory/postgres.log" start \
      -o "-p $port -k '$sockets' -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB $options") \
      >"$directory/pg_ctl.log" 2>&1 </dev/null; then
      export PGHOST=$sockets PGPORT=$port PGUSER=postgres PGDATABASE=postgres
      unset PGPASSWORD PGSERVICE PGSSLMODE PGOPTIONS PGHOSTADDR DATABASE_URL
      return 0
    fi
  done
  cat "$directory/pg_ctl.log" "$directory/postgres.log" >&2
  return 1
}

# Whether the server of DIRECTORY runs. A process that merely has its old number does not count.
postgres_running() {
  local directory pid
  directory=$(readlink -f "$1")
  pid=$(head -n 1 "$directory/data/postmaster.pid" 2>/dev/null) || return 1
  [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$directory/data" ]
}

postgres_stop() {
  local directory=$1 mode=${2:-fast} bin sockets
  postgres_running "$directory" || return 0
  bin=$(postgres_bin)
  sockets=$(sed -n 5p "$directory/data/postmaster.pid")
  (cd "$directory" && postgres_as "$bin/pg_ctl" -D "$directory/data" -m "$mode" -w -t 30 stop) >/dev/null 2>&1 </dev/null
  case $sockets in /tmp/tidegauge-sockets.*) rmdir "$sockets" ;; esac
}
