#!/usr/bin/env bash
# The long run: every target by libFuzzer, one after the other, so many seconds each (600); or only those that are named.
#
#   fuzz/run.sh SECONDS [TARGET…]
#
# Built by the compiler that is there: what coverage needs is no matter of nightly. `cargo +nightly fuzz run TARGET` works as well,
# and adds the address sanitizer. What is found stops the run and lies in target/fuzz/found: it belongs into fuzz/corpus/TARGET.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
seconds=${1:-600}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=($(basename -s .rs fuzz_targets/*.rs))
host=$(rustc -vV | sed -n 's/^host: //p')
out=$PWD/../target/fuzz

# The crates in the versions of the product.
cp ../Cargo.lock Cargo.lock
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
 -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
RUSTFLAGS=$(printf '%s' "--cfg fuzzing $coverage" | tr '\n' ' ') \
  cargo build --release --target "$host" --target-dir "$out" $(printf -- '--bin %s ' "${targets[@]}")

for target in "${targets[@]}"; do
  mkdir -p "$out/corpus/$target" "$out/found/$target"
  printf 'fuzz: %s, %s s\n' "$target" "$seconds"
  "$out/$host/release/$target" -max_total_time="$seconds" -max_len=65536 -timeout=30 -rss_limit_mb=4096 -print_final_stats=1 \
    -artifact_prefix="$out/found/$target/" "$out/corpus/$target" "corpus/$target" 2>&1 | grep -E '^(==|SUMMARY|stat::|Done|.*panicked|  (left|right):|.*ERROR)|DONE'
done
