# Functions to make, start and stop a private Postgres in a directory of its own. To be sourced.
#
#   postgres_start DIRECTORY [-c NAME=VALUE…]   initdb where there is none, start, export PG*
#   postgres_stop DIRECTORY [MODE]              stop it (fast unless told otherwise)
#
# Never touches a cluster that is already there: it has its own data, socket directory and a free port.

postgres_bin() {
  local candidate
  for candidate in /usr/lib/postgresql/*/bin; do
    [ -x "$candidate/initdb" ] && found=$candidate
  done
  [ -n "${found:-}" ] || { echo "postgres: no initdb under /usr/lib/postgresql: run scripts/setup" >&2; return 1; }
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
  local directory=$1 bin options=""
  shift
  bin=$(postgres_bin)
  mkdir -p "$directory"
  if [ "$(id -u)" = 0 ]; then
    chown postgres: "$directory"
  fi
  if [ ! -f "$directory/data/PG_VERSION" ]; then
    rm -rf "$directory/data"
    postgres_as "$bin/initdb" -D "$directory/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 \
      --no-sync >"$directory/initdb.log" 2>&1 || { cat "$directory/initdb.log" >&2; return 1; }
  fi
  local setting
  for setting in "$@"; do
    options+=" $setting"
  done
  local try port
  for try in 1 2 3 4 5; do
    port=$(free_port)
    if (cd "$directory" && postgres_as "$bin/pg_ctl" -D "$directory/data" -w -t 60 -l "$directory/postgres.log" start \
      -o "-p $port -k $directory -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB $options") \
      >"$directory/pg_ctl.log" 2>&1 </dev/null; then
      export PGHOST=$directory PGPORT=$port PGUSER=postgres PGDATABASE=postgres
      unset PGPASSWORD PGSERVICE PGSSLMODE DATABASE_URL
      return 0
    fi
  done
  cat "$directory/pg_ctl.log" "$directory/postgres.log" >&2
  return 1
}

postgres_stop() {
  local directory=$1 mode=${2:-fast} bin
  [ -f "$directory/data/postmaster.pid" ] || return 0
  bin=$(postgres_bin)
  (cd "$directory" && postgres_as "$bin/pg_ctl" -D "$directory/data" -m "$mode" -w -t 30 stop) >/dev/null 2>&1 </dev/null
}
