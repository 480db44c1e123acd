#!/usr/bin/env bash
# Times `portaria import` beside `COPY` of the same rows (docs/moving-in.md#how-fast).
#
#   DATABASE_URL=… ops/import/rate.sh BINARY [LINES]
#
# The database must be empty and its own. `COPY` fills `accounts` and `audit`, whose rows an import writes, with their indexes; it does
# not read, judge or seal anything.
set -euo pipefail

binary=$(realpath "${1:?the program}")
lines=${2:-100000}
: "${DATABASE_URL:?the URL of an empty database}"
here=$(dirname "$(realpath "$0")")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export PORTARIA_SECRET=${PORTARIA_SECRET:-$(head -c 32 /dev/urandom | base64)}
sql() { psql -qAtX -v ON_ERROR_STOP=1 "$DATABASE_URL" "$@"; }
seconds() {
  local from to
  from=$(date +%s%N) && "$@" && to=$(date +%s%N)
  echo "$(((to - from) / 1000000))" >milliseconds
}
told() {
  local took
  took=$(<milliseconds)
  printf '%-22s %7d.%03d s %9d rows a second\n' "$1" $((took / 1000)) $((took % 1000)) $((lines * 1000 / (took > 0 ? took : 1)))
}

python3 "$here/people.py" "$lines" >people.ndjson
"$binary" migrate 2>log
[ "$(sql -c 'select count(*) from accounts')" = 0 ] || { echo "the database is not empty" >&2; exit 1; }
import() { /usr/bin/env time -f '%M' -o memory "$binary" import people.ndjson >report 2>>log || { tail -n 5 log report >&2; return 1; }; }
seconds import && told 'portaria import'
echo "$(($(<memory) / 1024)) MiB at most"
seconds "$binary" import people.ndjson 2>>log && told 'the same again'
export_all() { "$binary" export people.out 2>>log; }
seconds export_all && told 'portaria export'
for table in accounts audit; do sql -c "\\copy $table to $table.copy (format binary)"; done
sql -c 'truncate accounts, audit cascade'
sql -c 'checkpoint' 2>/dev/null || true
copy() { for table in accounts audit; do sql -c "\\copy $table from $table.copy (format binary)"; done; }
seconds copy && told 'COPY'
