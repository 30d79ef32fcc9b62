#!/usr/bin/env bash
# No path of the machine it was written on, in anything that is shipped.
set -euo pipefail
cd "$(dirname "$0")/../.."
if grep -rnIE '/(work|home/[a-z]+|root)/' --include='*' README.md CHANGELOG.md CMakeLists.txt config.yaml sampler queries demo docs scripts bench; then
  echo "these name a path of somebody's machine" >&2
  exit 1
fi
echo "no foreign path"
