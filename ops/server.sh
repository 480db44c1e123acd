# To be sourced by a script of bash: a server of one's own, for as long as the script runs.
#
#   start_server BINARY FOLDER [NAME=VALUE…]   serves on a free port, with its data and its log in FOLDER and these settings, and
#                                              no other of the environment; sets `url` when it is ready
#   stop_server                                ends it; for a trap of EXIT

server=
url=

stop_server() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; }
  server=
}

# Whether something listens there.
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Whether the server says that it is ready.
is_ready() (
  exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
  printf 'GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$1" >&3
  read -r _ status _ <&3 && [ "$status" = 200 ]
) 2>/dev/null

start_server() {
  local binary=$1 folder=$2 port
  shift 2
  # Below the ports that systems give away by themselves.
  while port=$((20000 + RANDOM % 10000)) && listens "$port"; do :; done
  url=http://127.0.0.1:$port
  env -i PATH="$PATH" HOME="$HOME" LEPTOS_SITE_ADDR="127.0.0.1:$port" PUBLIC_URL="$url" PORTARIA_DATA_DIR="$folder/data" "$@" \
    "$binary" serve >"$folder/log" 2>&1 &
  server=$!
  for _ in $(seq 300); do
    ! is_ready "$port" || return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.2
  done
  tail -n 20 "$folder/log" >&2
  return 1
}
