#!/usr/bin/env bash
# All C++ is as clang-format leaves it. Other versions than 14 format otherwise in places: SKIPPED.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=clang-format-14
command -v "$program" >/dev/null || { echo "SKIPPED: no clang-format-14 here"; exit 0; }
find sampler tests bench -name '*.cc' -o -name '*.h' | xargs "$program" --dry-run --Werror
echo "formatted"
