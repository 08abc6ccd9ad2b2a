# shellcheck shell=bash
# One build that holds the mutants of FoundryRules that were chosen. Source this file after progress.sh and light-package.sh.

# build_generator WORK: the program that makes the mutants; a package of its own, without dependencies.
build_generator() {
    mkdir -p "$1/generator"
    ln -sfn "$FOUNDRY_ROOT/Tests/MutantGenerator" "$1/generator/MutantGenerator"
    _write_if_changed "$1/generator/Package.swift" <<'MANIFEST'
// swift-tools-version: 6.2
import PackageDescription
let package = Package(name: "generator", targets: [
  .executableTarget(name: "foundry-mutate", path: "MutantGenerator"),
], swiftLanguageModes: [.v6])
MANIFEST
    swift build --package-path "$1/generator"
}

# The choice is made before main: neither the tests nor the simulation need to know of it.
_write_choice() {
    mkdir -p "$1/include"
    _write_if_changed "$1/include/CMutant.h" <<'HEADER'
#pragma once
#include <stdbool.h>
extern int mutant_chosen;
static inline bool mutant_is(int number) { return mutant_chosen == number; }
HEADER
    _write_if_changed "$1/include/module.modulemap" <<'MODULE'
module CMutant { header "CMutant.h" export * }
MODULE
    _write_if_changed "$1/choice.c" <<'SOURCE'
#include "CMutant.h"
#include <stdlib.h>
int mutant_chosen;
__attribute__((constructor)) static void choose(void) {
    const char *number = getenv("FOUNDRY_MUTANT");
    if (number) mutant_chosen = atoi(number);
}
SOURCE
}

# mutate WORK CHOOSE...: writes the mutated sources, WORK/mutants.tsv (number, file, line, change, key, text) and
# WORK/chosen.txt, the numbers that the command CHOOSE picks of them. Places whose mutants do not compile are found out and left
# as they are; WORK/without.txt remembers them, and begins with those that were known when
# Tests/Coverage/unbuildable-mutants.txt was written: each round costs a compilation.
mutate() {
    local work=$1 round=0
    shift
    [[ -e $work/without.txt ]] || cp "$FOUNDRY_ROOT/Tests/Coverage/unbuildable-mutants.txt" "$work/without.txt"
    # A folder of its own: through a link to the sources the mutants would land in them.
    [[ ! -L $work/Sources/FoundryRules ]] || rm "$work/Sources/FoundryRules"
    mkdir -p "$work/Sources/FoundryRules"
    # The package needs the target before there is a mutant: as it is, at first.
    [[ -n $(ls -A "$work/Sources/FoundryRules") ]] ||
        cp -R "$FOUNDRY_ROOT/Sources/FoundryRules/." "$work/Sources/FoundryRules/"
    _write_choice "$work/Sources/CMutant"
    _mutants_package "$work"
    swift build --package-path "$work" --target FoundryModel
    swift build --package-path "$work" --target CMutant
    while ((++round <= 20)); do
        _generate "$work"
        "$@" "$work" >"$work/chosen.txt"
        _generate "$work" "$work/chosen.txt"
        _compile_mutants "$work" && break
        _blame "$work" "$round"
    done
    ((round <= 20)) || fail "the mutants do not compile" "look into $work/compile.log"
    # Only what changed, so that a second run builds little.
    _copy_changed "$work/Sources/FoundryRules.new" "$work/Sources/FoundryRules"
    _mutants_package "$work"
}

# _generate WORK [ONLY]
_generate() {
    rm -rf "$1/Sources/FoundryRules.new"
    "$1/generator/.build/debug/foundry-mutate" "$FOUNDRY_ROOT/Sources/FoundryRules" "$1/Sources/FoundryRules.new" \
        "$1/mutants.tsv" "$1/without.txt" "${@:2}"
}

# The rules with their tests, and the simulator: both meet every mutant.
_mutants_package() {
    local LIGHT_TESTS=(FoundryRulesTests) LIGHT_BELOW='"CMutant", ' LIGHT_EXTRA='  .target(name: "CMutant"),'$'\n'
    # The rules are optimized, because the simulation needs it. To optimize the tests takes longer than they win by it.
    local LIGHT_TEST_SETTINGS=', swiftSettings: [.unsafeFlags(["-Onone", "-no-whole-module-optimization", "-enable-batch-mode"])]'
    if _has_swift "$FOUNDRY_ROOT/Sources/foundry-sim"; then
        ln -sfn "$FOUNDRY_ROOT/Sources/foundry-sim" "$1/Sources/foundry-sim"
        LIGHT_EXTRA+='  .executableTarget(name: "foundry-sim", dependencies: ["FoundryModel", "FoundryRules", "FoundrySimulation"]),'$'\n'
    fi
    light_package "$1"
}

_copy_changed() {
    local path
    (cd "$2" && find . -name '*.swift') | while read -r path; do [[ -e $1/$path ]] || rm -f "$2/$path"; done
    (cd "$1" && find . -name '*.swift') | while read -r path; do
        cmp -s "$1/$path" "$2/$path" || { mkdir -p "$(dirname "$2/$path")" && cp "$1/$path" "$2/$path"; }
    done
    rm -rf "$1"
}

# Through the checks of initialization and returns, which come after the types.
_compile_mutants() {
    local work=$1
    find "$work/Sources/FoundryRules.new" -name '*.swift' -print0 |
        xargs -0 swiftc -emit-sil -wmo -swift-version 6 -module-name FoundryRules -I "$work/.build/debug/Modules" \
            -I "$work/Sources/CMutant/include" -suppress-warnings -diagnostic-style llvm -o "$work/compile.sil" >"$work/compile.log" 2>&1
}

# Adds to without.txt what is at the places of the errors: the nearest one that was chosen, and after a few rounds all.
_blame() {
    awk -F '\t' 'NR == FNR { chosen[$1]; next } $1 in chosen' "$1/chosen.txt" "$1/mutants.tsv" >"$1/built.tsv"
    awk '
        match($0, /FoundryRules\.new\/[^:]+:[0-9]+:[0-9]+: error: /) {
            place = substr($0, RSTART + 17, RLENGTH - 17)
            split(place, part, ":")
            if (part[1] == "Mutant.swift" || seen[part[1], part[2]]++) next
            print part[1] "\t" part[2]
        }' "$1/compile.log" | sort -u >"$1/errors.tsv"
    [[ -s $1/errors.tsv ]] || { cat "$1/compile.log" >&2; fail "the mutants do not compile"; }
    awk -F '\t' -v reach="$((($2 - 1) / 8))" '
        NR == FNR { error[++errors] = $1; where[errors] = $2; next }
        {
            for (i = 1; i <= errors; i++)
                if ($2 == error[i]) {
                    distance = $3 - where[i]; if (distance < 0) distance = -distance
                    if (!(i in best) || distance < best[i]) best[i] = distance
                    n = ++rows[i]; key[i, n] = $5; away[i, n] = distance
                    # What is left out is blamed before what is changed within it.
                    isLeftOut[i, n] = $5 ~ /is left out/
                    if (isLeftOut[i, n] && distance == best[i]) hasLeftOut[i] = distance + 1
                }
        }
        END {
            for (i = 1; i <= errors; i++)
                for (n = 1; n <= rows[i]; n++)
                    if (away[i, n] <= best[i] + reach && !done[key[i, n]]++ &&
                        (reach || hasLeftOut[i] != best[i] + 1 || isLeftOut[i, n])) print key[i, n]
        }' "$1/errors.tsv" "$1/built.tsv" >>"$1/without.txt"
}

# What the tests see inside stays visible.
build_mutants() {
    swift build --package-path "$1" --configuration release --build-tests -Xswiftc -enable-testing
}
