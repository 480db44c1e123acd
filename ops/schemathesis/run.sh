#!/usr/bin/env bash
# Sends what the OpenAPI document allows, and what it forbids, to every route of a running program (https://schemathesis.io): no fault,
# no status, media type or body that the document does not name, nothing accepted that it forbids.
#
#   ops/schemathesis/run.sh [BINARY]    target/release/portaria without it
#
# EXAMPLES (3): how many requests are made up for each route, beside those for each of its limits. SECONDS_AT_MOST (50): when it ends,
# done or not. SEED (7): another one makes up other requests.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
binary=$(realpath "${1:-$here/../../target/release/portaria}")
VERSION=4.32.5

tools=${XDG_CACHE_HOME:-$HOME/.cache}/portaria/schemathesis-$VERSION
if [ ! -x "$tools/bin/schemathesis" ]; then
  rm -rf "$tools"
  if ! { python3 -m venv "$tools" && "$tools/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$VERSION"; } >/dev/null 2>&1; then
    rm -rf "$tools"
    echo "schemathesis: SKIPPED: it needs python3 with venv, and a Python package registry"
    exit 0
  fi
fi

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; }; rm -rf "$folder"' EXIT
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port
cd "$folder"
env -i PATH="$PATH" HOME="$HOME" LEPTOS_SITE_ADDR="127.0.0.1:$port" PUBLIC_URL="$url" PORTARIA_DATA_DIR="$folder/data" TRUSTED_PROXIES=127.0.0.1 \
  "$binary" serve >"$folder/log" 2>&1 &
server=$!
for _ in $(seq 300); do
  if python3 - "$url/readyz" 2>/dev/null <<'PY'; then break; fi
import sys, urllib.request
urllib.request.urlopen(sys.argv[1])
PY
  kill -0 "$server" 2>/dev/null || { tail -n 20 "$folder/log" >&2; exit 1; }
  sleep 0.2
done

token=$(python3 "$here/teacher.py" "$url")
# With a seed, so that it sends the same each time.
PYTHONPATH=$here SCHEMATHESIS_HOOKS=hooks "$tools/bin/schemathesis" --config-file "$here/schemathesis.toml" run "$url/api/openapi.json" \
  --header "Authorization: Bearer $token" --phases examples,coverage,fuzzing --max-examples "${EXAMPLES:-3}" --max-time "${SECONDS_AT_MOST:-50}" \
  --seed "${SEED:-7}" --workers 2 --suppress-health-check all --no-color >"$folder/report" 2>&1 || {
  cat "$folder/report"
  exit 1
}
echo "schemathesis: $(grep -A1 '^Test cases' "$folder/report" | tail -n 1 | xargs)"
