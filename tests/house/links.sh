#!/usr/bin/env bash
# Every relative link of a Markdown page leads to a file that is there.
set -euo pipefail
cd "$(dirname "$0")/../.."
broken=0 seen=0
while IFS=: read -r page link; do
  target=${link#*](}
  target=${target%)}
  target=${target%%#*}
  case $target in http://* | https://* | mailto:* | "") continue ;; esac
  seen=$((seen + 1))
  [ -e "$(dirname "$page")/$target" ] || { echo "$page: leads to '$target', which is not there" >&2; broken=1; }
done < <(grep -oE '\]\([^)]+\)' README.md CHANGELOG.md docs/*.md)
[ "$seen" -gt 0 ] || { echo "no link found" >&2; exit 1; }
[ "$broken" = 0 ] && echo "$seen links lead somewhere"
exit "$broken"
