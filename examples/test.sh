#!/usr/bin/env bash
# Builds the client from the OpenAPI document of a running program, and the school with it; then the tests of the school against both.
#
#   examples/test.sh [BINARY]    target/release/portaria without it
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
binary=$(realpath "${1:-$here/../target/release/portaria}")

. "$here/../ops/server.sh"
folder=$(mktemp -d)
trap 'stop_server; rm -rf "$folder"' EXIT
start_server "$binary" "$folder"

cd "$here"
export PORTARIA_URL=$url
{
  [ -d node_modules ] || npm ci
  npm run build
  npm test
  # What a product would install is whole: nothing but the package, and it loads.
  npm pack --ignore-scripts --workspace client --pack-destination "$folder"
  tar -xzf "$folder"/portaria-client-*.tgz -C "$folder"
  ls "$folder"/package/dist/index.d.ts "$folder"/package/README.*
  node --input-type=module --eval 'const { login } = await import(process.argv[1]); if (!login) process.exit(1)' "$folder/package/dist/index.js"
} >"$folder/report" 2>&1 || { cat "$folder/report"; exit 1; }
printf 'examples: %s\n' "$(grep -E '^# (pass|fail) ' "$folder/report" | tr -d '#\n' | xargs)"
