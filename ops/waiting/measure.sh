#!/usr/bin/env bash
# What a page that waits for its proof costs: a question every few seconds, or a connection that stays open (docs/delivery.md#polling).
#
#   ops/waiting/measure.sh BINARY [PAGES [SECONDS]]
#
# Takes a minute, Linux, and two files for each page (`ulimit -n`). The figures of one run belong together: what else the machine does
# hits all of them.
set -euo pipefail

binary=$(realpath "${1:?the program}")
pages=${2:-9000}
seconds=${3:-6}
here=$(dirname "$(realpath "$0")")
. "$here/../server.sh"
folder=$(mktemp -d)
chmod 755 "$folder"
trap 'stop_server; rm -rf "$folder"' EXIT
start_server "$binary" "$folder" TRUSTED_PROXIES=127.0.0.1 PORTARIA_LOG=warn
python3 "$here/measure.py" "$url" "$server" "$folder" "$pages" "$seconds"
