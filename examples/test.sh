#!/usr/bin/env bash
# Builds the client from the OpenAPI document of a running program, and both schools; then their tests against that program.
#
#   examples/test.sh [BINARY]    target/release/portaria without it
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
binary=$(realpath "${1:-$here/../target/release/portaria}")

. "$here/../ops/server.sh"
folder=$(mktemp -d)
trap 'stop_server; rm -rf "$folder"' EXIT
cd "$folder"
"$binary" client new --id school --name Escola --redirect-uri http://127.0.0.1/callback --scope profile --trusted >new
{
  grep -v '^client_secret = ' new
  echo 'post_logout_redirect_uris = ["http://127.0.0.1/"]'
  echo 'kinds = ["professor"]'
} >portaria.toml
SCHOOL_SECRET=$(sed -n 's/^client_secret = "\(.*\)"$/\1/p' new)
start_server "$binary" "$folder" TRUSTED_PROXIES=127.0.0.1

cd "$here"
export PORTARIA_URL=$url SCHOOL_SECRET
# Each must succeed: within a condition `set -e` does not hold.
all() {
  { [ -d node_modules ] || npm ci; } &&
    npm run build &&
    npm test &&
    # What a product would install is whole: nothing but the package, and it loads.
    npm pack --ignore-scripts --workspace client --pack-destination "$folder" &&
    tar -xzf "$folder"/portaria-client-*.tgz -C "$folder" &&
    ls "$folder"/package/dist/index.d.ts "$folder"/package/README.* &&
    node --input-type=module --eval 'const { login } = await import(process.argv[1]); if (!login) process.exit(1)' "$folder/package/dist/index.js"
}
all >"$folder/report" 2>&1 || { cat "$folder/report"; exit 1; }
printf 'examples: %s\n' "$(sed -nE 's/^(#|ℹ) ((pass|fail) [0-9]+)$/\2/p' "$folder/report" | xargs)"
