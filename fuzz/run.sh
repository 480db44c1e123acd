#!/usr/bin/env bash
# The long run: a million sequences through the model of the sign-up (or PORTARIA_SEQUENCES), then every target by libFuzzer,
# one after the other, for SECONDS each (600 unless given). With names only those run; `model` is one of them.
#
#   fuzz/run.sh SECONDS [model|TARGET…]
#
# The model's seeds begin at PORTARIA_SEED; without it each day has seeds of its own. It prints what it finds with the seed.
# Any compiler builds it: the coverage flags do not need nightly. `cargo +nightly fuzz run TARGET` works as well,
# and adds the address sanitizer. A finding stops the run and is kept in target/fuzz/found: move it to fuzz/corpus/TARGET.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
seconds=${1:-600}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(model $(basename -s .rs fuzz_targets/*.rs))

fuzzed=()
for target in "${targets[@]}"; do
  if [ "$target" != model ]; then
    fuzzed+=("$target")
    continue
  fi
  seed=${PORTARIA_SEED:-$(($(date +%Y%m%d) * 1000000000))}
  printf 'model: %s sequences from seed %s\n' "${PORTARIA_SEQUENCES:=1000000}" "$seed"
  PORTARIA_SEQUENCES=$PORTARIA_SEQUENCES PORTARIA_SEED=$seed cargo test --manifest-path ../Cargo.toml -p portaria --test sign_up_model \
    random_sequences -- --nocapture
done
targets=("${fuzzed[@]}")
[ ${#targets[@]} -gt 0 ] || exit 0

host=$(rustc -vV | sed -n 's/^host: //p')
out=$PWD/../target/fuzz

# The dependencies in the product's versions.
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
