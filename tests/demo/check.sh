# What the shell tests share. To be sourced after `set -euo pipefail`.
repo=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
. "$repo/scripts/lib/queries.sh"
failures=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# expect NAME EXPECTED ACTUAL
expect() {
  if [ "$2" = "$3" ]; then
    echo "ok      $1"
  else
    echo "FAILED  $1"
    diff <(echo "$2") <(echo "$3") | sed 's/^/        /' || true
    failures=$((failures + 1))
  fi
}

finish() {
  [ "$failures" = 0 ] || { echo "$failures failed"; exit 1; }
}

# The names of all shipped queries, one a line.
query_names() { (cd "$repo/queries" && find . -name '*.sql' -printf '%P\n' | sed 's/\.sql$//' | LC_ALL=C sort); }

sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
