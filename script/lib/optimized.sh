# shellcheck shell=bash
# Whether Swift's optimizer comes through our code: what people build is optimized, and what is tested is not. Source this file after
# progress.sh; it wants a debug build of all targets.

# check_optimizer: every target of ours through the optimizer, without machine code. A target that it breaks off at counts as failed.
check_optimizer() {
    local target log broken targets
    say "==> optimizer"
    mkdir -p "$FOUNDRY_LOGS"
    mapfile -t targets < <(_own_targets)
    # One for each core: each target is a single process.
    export -f _optimize _words_of
    export FOUNDRY_LOGS
    # shellcheck disable=SC2016  # for the inner shell
    mapfile -t broken < <(printf '%s\n' "${targets[@]}" | xargs --max-procs "$(nproc)" --replace={} \
        bash -c '_optimize "$1" >"$FOUNDRY_LOGS/optimizer-$1.log" 2>&1 || echo "$1"' _ {})
    passed=$((passed + ${#targets[@]} - ${#broken[@]})) failed=$((failed + ${#broken[@]}))
    for target in "${broken[@]}"; do
        log=$FOUNDRY_LOGS/optimizer-$target.log
        remember_failure optimizer "$target cannot be built for release"
        remember_failures optimizer "$log" '(^| )error: |^[0-9]+\..* While |Begin Error in '
    done
}

# Those of the product, but for what the simulated world is made of: that is built for release anyway.
_own_targets() { find Sources -mindepth 1 -maxdepth 1 -type d -name '[Ff]oundry*' ! -name '*[sS]im*' ! -name FoundryModel ! -name FoundryRules -printf '%f\n' | sort; }

# _optimize TARGET: with the words by which SwiftPM compiled it, but for those that are of a debug build.
_optimize() {
    local words
    mapfile -t words < <(_words_of "$1")
    ((${#words[@]} > 0)) || { echo "error: $1 was not built" && return 1; }
    # In a directory that goes, also with what the compiler lays beside; it deletes what it was to write when it breaks off.
    local place status=0
    place=$(mktemp -d "$FOUNDRY_LOGS/optimizer.XXXXXX")
    (cd "$place" && timeout 300 "${words[@]}" -O -whole-module-optimization -suppress-warnings -emit-sil -o out.sil) || status=$?
    rm -rf "$place"
    return "$status"
}

_words_of() {
    sed -nE "/^  \"C\\.$1-$(uname -m)-[^\"]*debug\\.module\":/,/^\$/s/^    args: (\\[.*\\])\$/\\1/p" .build/debug.yaml |
        jq --raw-output '
            ["-emit-module-path", "-output-file-map", "-index-store-path"] as $pairs
            | ["-emit-dependencies", "-emit-module", "-incremental", "-c", "-enable-batch-mode", "-serialize-diagnostics", "-Onone",
                "-enable-testing", "-DDEBUG", "-parseable-output"] as $single
            | . as $words | range(length)
            | select(. == 0 or ($words[. - 1] as $before | $pairs | index($before) | not))
            | $words[.] | select(. as $word | ($pairs + $single) | index($word) | not)'
}
