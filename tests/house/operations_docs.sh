#!/usr/bin/env bash
# docs/operations.md has every self-metric and every reason that the code has, and no other.
set -euo pipefail
cd "$(dirname "$0")/../.."
code=$(mktemp) docs=$(mktemp)
trap 'rm -f "$code" "$docs"' EXIT

grep -ohE '"tidegauge_[a-z_]+"' sampler/exposition/*.cc sampler/exposition/*.h | tr -d '"' | sort -u >"$code"
grep -oE '^\| `tidegauge_[a-z_]+`' docs/operations.md | tr -d '|` ' | sort -u >"$docs"
[ -s "$code" ] || { echo "no metric found in the code" >&2; exit 1; }
diff -u --label 'self-metrics of the code' --label 'docs/operations.md' "$code" "$docs"

sed -n '/ReasonName/,/^}/p' sampler/gauge/failure.cc | grep -oE '"[a-z_]+"' | tr -d '"' | sort -u >"$code"
sed -n '/^## Reasons/,/^## /p' docs/operations.md | grep -oE '^\| `[a-z_]+`' | tr -d '|` ' | sort -u >"$docs"
[ -s "$code" ] || { echo "no reason found in the code" >&2; exit 1; }
diff -u --label 'reasons of the code' --label 'docs/operations.md' "$code" "$docs"
echo "docs/operations.md is in step"
