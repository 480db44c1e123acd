#!/usr/bin/env bash
# Audits what the product is made of: dependencies that nothing uses, licences, sources and bans of the crates (deny.toml) always; open advisories against
# crates and Node packages wherever their databases can be had, and where not, that is said in capitals.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'audit: %s\n' "$*"; }
skipped() { printf 'audit: SKIPPED: %s\n' "$*"; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT

say "dependencies that nothing uses"
cargo shear

say "licences, sources and bans of the crates"
cargo deny --log-level error --workspace check --hide-inclusion-graph licenses bans sources

export GIT_TERMINAL_PROMPT=0
if timeout 120 cargo deny --workspace fetch db >"$log" 2>&1; then
  say "advisories against the crates"
  cargo deny --offline --log-level error --workspace check --hide-inclusion-graph advisories
else
  skipped "advisories against the crates: their database cannot be fetched ($(grep -m 1 -oE "fatal: .*" "$log" | cut -c 1-120))"
fi

# Its exit code does not tell an advisory from an unreachable database; its report does.
for folder in end2end examples ops/openid-clients; do
  code=0
  timeout 120 npm audit --prefix "$folder" --json >"$log" 2>/dev/null || code=$?
  if grep -q '"auditReportVersion"' "$log"; then
    say "advisories against the Node packages of $folder"
    [ "$code" -eq 0 ] || { npm audit --prefix "$folder"; exit 1; }
  else
    skipped "advisories against the Node packages of $folder: their database does not answer"
  fi
done
