#!/usr/bin/env bash
# clang-tidy has nothing to say of the program's own code (.clang-tidy has the checks, all errors).
set -euo pipefail
cd "$(dirname "$0")/../.."
for program in clang-tidy clang++ cmake; do
  command -v $program >/dev/null || { echo "SKIPPED: no $program here"; exit 0; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake -S . -B "$work" -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DTIDEGAUGE_TESTS=OFF >"$work/log" 2>&1 ||
  { cat "$work/log" >&2; exit 1; }
ulimit -v 4000000
find sampler -name '*.cc' -print0 | sort -z |
  xargs -0 -n 4 -P "$(nproc)" clang-tidy -p "$work" --quiet 2>"$work/errors" || { tail -n 20 "$work/errors" >&2; exit 1; }
echo "nothing to say"
