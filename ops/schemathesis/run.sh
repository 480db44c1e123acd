#!/usr/bin/env bash
# Sends what the OpenAPI document allows, and what it forbids, to every route of a running program (https://schemathesis.io): no fault,
# no status, media type, header or body that the document does not name, nothing accepted that it forbids, nothing open that it closes.
#
#   ops/schemathesis/run.sh [BINARY]    target/release/portaria without it
#
# EXAMPLES (3): how many requests are made up for each route, beside those for each of its limits. SEED (7): another one makes up other
# requests; with the same they are the same, but for ids that the program made. SECONDS_AT_MOST (90): a slower machine is stopped then, which is said.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
binary=$(realpath "${1:-$here/../../target/release/portaria}")

say() { printf 'schemathesis: %s\n' "$*"; }
skipped() { printf 'schemathesis: SKIPPED: %s\n' "$*" >&2; exit 0; }
command -v python3 >/dev/null || skipped "no python3"

# One folder a list of packages, outside the tree.
list=$here/requirements.txt
tools=${XDG_CACHE_HOME:-$HOME/.cache}/portaria/schemathesis-$(cksum <"$list" | cut -d ' ' -f 1)
folder=$(mktemp -d)
. "$here/../server.sh"
trap 'stop_server; rm -rf "$folder"' EXIT
if [ ! -e "$tools/complete" ]; then
  rm -rf "$tools"
  python3 -m venv "$tools" >"$folder/log" 2>&1 || skipped "python3 has no venv: $(tail -n 1 "$folder/log")"
  "$tools/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --requirement "$list" >"$folder/log" 2>&1 ||
    skipped "its packages cannot be installed: $(grep -m 1 -i error "$folder/log" | cut -c 1-160)"
  touch "$tools/complete"
fi

cd "$folder"
start_server "$binary" "$folder" TRUSTED_PROXIES=127.0.0.1

python3 "$here/people.py" "$url" >people
set -a
. ./people
set +a

# One request at a time, so that they come in the same order.
code=0
PYTHONPATH=$here SCHEMATHESIS_HOOKS=hooks timeout --preserve-status --signal INT --kill-after 30 "${SECONDS_AT_MOST:-90}" \
  "$tools/bin/schemathesis" --config-file "$here/schemathesis.toml" run "$url/api/openapi.json" \
  --phases examples,coverage,fuzzing --max-examples "${EXAMPLES:-3}" --seed "${SEED:-7}" --generation-database none --workers 1 \
  --suppress-health-check all --no-color >report 2>&1 || code=$?
# A machine under load may not even hear the interrupt before it is killed (137).
if { [ "$code" -eq 137 ] || grep -q 'interrupted after' report; } && ! grep -q '❌' report; then
  say "CUT SHORT after ${SECONDS_AT_MOST:-90} s: $(grep -A1 '^Test cases' report | tail -n 1 | xargs). SECONDS_AT_MOST allows more" >&2
elif [ "$code" -ne 0 ]; then
  cat report
  exit 1
else
  say "$(grep -A1 '^Test cases' report | tail -n 1 | xargs)"
fi

# What it counted of all that.
"$tools/bin/python" "$here/../prometheus/check.py" "$url"
