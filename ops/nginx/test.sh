#!/usr/bin/env bash
# Serves the product behind the proxies of this folder's files, on 127.0.0.1 and with a certificate of its own: people sign up and in
# through them, a photo at the limit arrives, a larger one does not, and the address that a client invents is not believed.
#
#   ops/nginx/test.sh [BINARY]    target/release/portaria without it
#
# A proxy that the machine does not have is skipped, which is said.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
binary=$(realpath "${1:-$here/../../target/release/portaria}")

say() { printf 'proxies: %s\n' "$*"; }
skipped() { printf 'proxies: SKIPPED: %s\n' "$*" >&2; }
command -v python3 >/dev/null || { skipped "no python3"; exit 0; }
command -v openssl >/dev/null || { skipped "no openssl"; exit 0; }

. "$here/../server.sh"
folder=$(mktemp -d)
proxy=
stop_proxy() {
  [ -z "$proxy" ] || { kill "$proxy" 2>/dev/null; wait "$proxy" 2>/dev/null; }
  proxy=
}
trap 'stop_proxy; stop_server; rm -rf "$folder"' EXIT

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout "$folder/key.pem" -out "$folder/certificate.pem" 2>"$folder/log" || { cat "$folder/log"; exit 1; }

free_port() {
  local port
  while port=$((30000 + RANDOM % 2000)) && listens "$port"; do :; done
  echo "$port"
}

# through NAME PORT COMMAND…: starts the proxy, and walks through it.
through() {
  local name=$1 port=$2
  shift 2
  "$@" >"$folder/$name.log" 2>&1 &
  proxy=$!
  for _ in $(seq 100); do
    ! listens "$port" || break
    kill -0 "$proxy" 2>/dev/null || break
    sleep 0.1
  done
  python3 "$here/walk.py" "$port" "$url" "$folder/certificate.pem" || { tail -n 20 "$folder/$name.log" "$folder/$name/log" >&2; exit 1; }
  stop_proxy
  stop_server
  say "$name: people sign up and in, photos arrive up to the limit, invented addresses are not believed"
}

# What a machine has besides: the directives of Debian's own nginx.conf that reach into ours.
nginx_config() {
  cat <<END
daemon off;
pid $folder/nginx.pid;
error_log $folder/nginx.error.log;
events {}
http {
    include /etc/nginx/mime.types;
    gzip on;
    access_log $folder/nginx.access.log;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
$(sed -E -e "s|127\.0\.0\.1:3000|${url#http://}|; s|portaria\.example;|localhost;|" \
    -e "s|listen 443|listen 127.0.0.1:$1|; s|listen 80|listen 127.0.0.1:$2|; /listen \[::\]/d" \
    -e "s|/etc/letsencrypt/live/[^;]*/fullchain.pem|$folder/certificate.pem|; s|/etc/letsencrypt/live/[^;]*/privkey.pem|$folder/key.pem|" \
    -e "s|/var/log/nginx/|$folder/|" "$here/portaria.conf")
}
END
}

nginx=$(command -v nginx || command -v /usr/sbin/nginx || true)
if [ -n "$nginx" ]; then
  port=$(free_port)
  mkdir "$folder/nginx"
  start_server "$binary" "$folder/nginx" TRUSTED_PROXIES=127.0.0.1 PUBLIC_URL="https://localhost:$port"
  nginx_config "$port" "$(free_port)" >"$folder/nginx.conf"
  through nginx "$port" "$nginx" -p "$folder" -c "$folder/nginx.conf"
  ! grep -rqE 'token=|@' "$folder"/*.access.log "$folder"/*.error.log 2>/dev/null || { echo "proxies: nginx logs what is nobody's business" >&2; exit 1; }
else
  skipped "no nginx (Debian: nginx-light)"
fi

if command -v caddy >/dev/null; then
  port=$(free_port)
  mkdir "$folder/caddy"
  start_server "$binary" "$folder/caddy" TRUSTED_PROXIES=127.0.0.1 PUBLIC_URL="https://localhost:$port"
  {
    printf '{\n\tadmin off\n\tauto_https disable_redirects\n\tdefault_bind 127.0.0.1\n}\n'
    sed -E -e "s|127\.0\.0\.1:3000|${url#http://}|" \
      -e "s|^portaria\.example \{|https://localhost:$port {\n\ttls $folder/certificate.pem $folder/key.pem|" "$here/../caddy/Caddyfile"
  } >"$folder/Caddyfile"
  XDG_DATA_HOME=$folder XDG_CONFIG_HOME=$folder through caddy "$port" caddy run --adapter caddyfile --config "$folder/Caddyfile"
else
  skipped "no caddy"
fi

if command -v systemd-analyze >/dev/null; then
  # The program need not be installed where the unit wants it.
  sed "s|/usr/local/bin/portaria|$binary|" "$here/../systemd/portaria.service" >"$folder/portaria.service"
  found=$(systemd-analyze verify --man=no "$folder/portaria.service" 2>&1 | grep -F portaria.service || true)
  [ -z "$found" ] || { printf '%s\n' "$found" >&2; exit 1; }
  say "systemd takes the unit"
else
  skipped "no systemd-analyze"
fi
