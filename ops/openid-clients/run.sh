#!/usr/bin/env bash
# Clients of others sign people in by a running program: they send somebody from nothing through the sign-up and back, read who it is,
# renew, give back and sign out; and notice, or are told, what is wrong: another nonce, verifier, state or issuer, a code used twice, a
# spoilt ID token.
#
#   ops/openid-clients/run.sh [BINARY] [CHECK…]    target/release/portaria without it; the checks are those at the end
#
# A client that the machine does not have, nor can install, is skipped, which is said.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
binary=$(realpath "${1:-$here/../../target/release/portaria}")
shift || true
wanted=" $* "

say() { printf 'openid clients: %s\n' "$*"; }
skipped() { printf 'openid clients: SKIPPED: %s\n' "$*" >&2; }
command -v node >/dev/null || { skipped "all of them: no node"; exit 0; }
if ! [ -d "$here/node_modules" ]; then
  (cd "$here" && npm ci) >/dev/null 2>&1 || { skipped "all of them: their packages cannot be installed"; exit 0; }
fi

. "$here/../server.sh"
folder=$(mktemp -d)
# Others than root, who run Postgres and Apache, must be able to enter it.
chmod 711 "$folder"
apache=
stop_apache() {
  [ -z "$apache" ] || { kill "$apache" 2>/dev/null; wait "$apache" 2>/dev/null; }
  apache=
}
trap 'stop_apache; stop_server; rm -rf "$folder"' EXIT
cd "$folder"

free_port() {
  local port
  while port=$((30000 + RANDOM % 2000)) && listens "$port"; do :; done
  echo "$port"
}

# product ID SETTINGS OPTION…: a block of settings, as an operator has it printed, and these lines besides. Its secret is left in SECRET_ID.
product() {
  local id=$1 more=$2
  shift 2
  "$binary" client new --id "$id" "$@" >new
  { grep -v '^client_secret = ' new; printf '%s\n\n' "$more"; } >>portaria.toml
  export "SECRET_$id=$(sed -n 's/^client_secret = "\(.*\)"$/\1/p' new)"
}

PRODUCT_PORT=$(free_port)
export PRODUCT_PORT
all=(--scope profile --scope email --scope offline_access)
bye='post_logout_redirect_uris = ["http://127.0.0.1/bye"]'
product server "$bye" --name "Escola Aurora" --redirect-uri http://127.0.0.1/callback "${all[@]}" --trusted
product modern "$bye"$'\nid_token_alg = "EdDSA"' --name "Escola Nova" --redirect-uri http://127.0.0.1/callback "${all[@]}" --trusted
product app "$bye"$'\naudience = "https://api.example"' --name "Aplicativo" --redirect-uri http://127.0.0.1/callback "${all[@]}" --trusted --public
product authjs "" --name "Loja do Zé" --redirect-uri http://127.0.0.1/auth/callback/portaria "${all[@]}"
product page "post_logout_redirect_uris = [\"http://127.0.0.1:$PRODUCT_PORT/bye\"]" --name "Página" \
  --redirect-uri "http://127.0.0.1:$PRODUCT_PORT/callback" "${all[@]}" --trusted --public
product apache 'post_logout_redirect_uris = ["http://127.0.0.1/bye.html"]' --name "Aulas" \
  --redirect-uri http://127.0.0.1/private/back "${all[@]}" --trusted

start_server "$binary" "$folder" TRUSTED_PROXIES=127.0.0.1
export PORTARIA_URL=$url

logs=(log)
# check NAME COMMAND…: runs it quietly, and shows all when it fails.
check() {
  local name=$1 began=$SECONDS
  shift
  if ! timeout --kill-after 5 100 "$@" >report 2>&1; then
    cat report
    printf 'openid clients: %s failed; the ends of the logs:\n' "$name" >&2
    tail -n 10 "${logs[@]}" >&2
    exit 1
  fi
  say "$name: $((SECONDS - began)) s"
}
is_wanted() { [ "$wanted" = "  " ] || [[ $wanted == *" $1 "* ]]; }

with_openid_client() { check openid-client node "$here/openid-client.mjs"; }
with_oauth4webapi() { check oauth4webapi node "$here/oauth4webapi.mjs"; }
with_authjs() { check "Auth.js" node "$here/authjs.mjs"; }
with_spring() { check "the rules of Spring's decoders" node "$here/spring.mjs"; }

with_oidc_client_ts() {
  local name
  for name in chromium-headless-shell chromium chromium-browser google-chrome "$here/../../.tools/bin/chromium"; do
    CHROMIUM=$(command -v "$name") || continue
    export CHROMIUM
    check "oidc-client-ts in a browser" node "$here/browser.mjs"
    return
  done
  skipped "oidc-client-ts: no Chromium"
}

with_authlib() {
  command -v python3 >/dev/null || { skipped "authlib: no python3"; return; }
  # One folder a list of packages, outside the tree.
  local list=$here/requirements.txt tools
  tools=${XDG_CACHE_HOME:-$HOME/.cache}/portaria/authlib-$(cksum <"$list" | cut -d ' ' -f 1)
  if [ ! -e "$tools/complete" ]; then
    rm -rf "$tools"
    python3 -m venv "$tools" >report 2>&1 || { skipped "authlib: python3 has no venv: $(tail -n 1 report)"; return; }
    "$tools/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --requirement "$list" >report 2>&1 ||
      { skipped "authlib: its packages cannot be installed: $(grep -m 1 -i error report | cut -c 1-160)"; return; }
    touch "$tools/complete"
  fi
  check authlib "$tools/bin/python" "$here/authlib_client.py"
}

with_apache() {
  local program modules=/usr/lib/apache2/modules site port
  program=$(command -v apache2 || command -v /usr/sbin/apache2) && [ -e "$modules/mod_auth_openidc.so" ] ||
    { skipped "mod_auth_openidc: no Apache with it (Debian: libapache2-mod-auth-openidc)"; return; }
  port=$(free_port)
  export APACHE=http://127.0.0.1:$port
  site=$folder/apache
  mkdir -p "$site/site/private"
  echo '<!doctype html><title>Escola</title><h1>Escola</h1>' >"$site/site/index.html"
  echo '<!doctype html><title>Até logo</title><h1>Até logo</h1>' >"$site/site/bye.html"
  echo '<!doctype html><title>Aulas</title><h1>The lessons of the day</h1>' >"$site/site/private/index.html"
  sed -e "s|@FOLDER@|$site|; s|@PORT@|$port|; s|@MODULES@|$modules|; s|@ISSUER@|$url|" \
    -e "s|@SECRET@|$SECRET_apache|; s|@PASSPHRASE@|$RANDOM$RANDOM$RANDOM$RANDOM|" "$here/apache.conf" >"$site/apache.conf"
  local as=()
  if [ "$(id -u)" -eq 0 ]; then
    chown -R 65534:65534 "$site"
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  fi
  "${as[@]}" "$program" -f "$site/apache.conf" -DFOREGROUND >apache.log 2>&1 &
  apache=$!
  for _ in $(seq 100); do
    ! listens "$port" || break
    kill -0 "$apache" 2>/dev/null || { cat apache.log "$site/error.log" >&2; exit 1; }
    sleep 0.1
  done
  logs+=("$site/error.log")
  check "mod_auth_openidc" node "$here/apache.mjs"
  stop_apache
}

for name in openid_client oauth4webapi authjs spring oidc_client_ts authlib apache; do
  ! is_wanted "$name" || "with_$name"
done
