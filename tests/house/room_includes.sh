#!/usr/bin/env bash
# The rule of the house: a room includes only rooms below its own, and each outside library has one
# room. Prints every line that breaks it.
set -euo pipefail
cd "$(dirname "$0")/../../sampler"
rooms=(commands http status exposition sampling database config gauge runtime)  # from the top down
declare -A library=(
  [runtime]='spdlog/' [gauge]='yaml-cpp/' [database]='pqxx|libpq' [http]='microhttpd'
  [exposition]='prometheus/|zlib' [commands]='CLI/|nlohmann/|malloc\.h'
)
broken=0
complain() { echo "$1" >&2; broken=1; }

for folder in */; do
  [[ " ${rooms[*]} " == *" ${folder%/} "* ]] || complain "sampler/$folder: not a room of the house"
done

for i in "${!rooms[@]}"; do
  room=${rooms[$i]}
  while IFS= read -r line; do
    [[ $line =~ \#include\ \"([a-z]+)/ ]] || { complain "sampler/$line: includes are written \"room/file.h\""; continue; }
    target=${BASH_REMATCH[1]}
    for j in "${!rooms[@]}"; do
      [ "${rooms[$j]}" = "$target" ] || continue
      [ "$j" -ge "$i" ] || complain "sampler/$line: $room may not look up to $target"
    done
  done < <(grep -rnE '^#include "' "$room" || true)
  for other in "${!library[@]}"; do
    [ "$other" = "$room" ] && continue
    while IFS= read -r line; do
      complain "sampler/$line: this library belongs to $other"
    done < <(grep -rnE "^#include <(${library[$other]//malloc\\.h/__none__})" "$room" || true)
  done
done
[ "$broken" = 0 ] && echo "every include points downwards"
exit "$broken"
