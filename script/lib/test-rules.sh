# shellcheck shell=bash
# What script/test does beside `swift test`: the API under fuzz, the drill of releases, the simulated world, planted bugs, mutants,
# coverage. Adds to `passed`, `failed` and `skipped`. Source this file after progress.sh, failures.sh, test-counts.sh and simulation.sh.

# Together with the builds about 15 minutes of two cores.
RULES_FRESH_SECONDS=${FOUNDRY_TEST_FRESH_SECONDS:-240}
RULES_BUGS=8 RULES_BUG_SECONDS=150
RULES_MUTANTS=60 RULES_MUTANT_SECONDS=180 RULES_MUTANT_SHARE=80

# check_rules: all of it; what cannot run counts as failed.
check_rules() {
    check_unplanted .build/debug/foundry
    _counted simulate 'simulate: P passed, F failed' '^BROKEN |^reached less|: error: ' \
        script/simulate --seconds "$RULES_FRESH_SECONDS" --least 1
    check_marked "$(simulator planted)"
    check_repeatable "$(simulator planted)"
    _counted planted-bugs 'planted bugs: P found, F missed' '^NOT FOUND' \
        script/planted-bugs --no-build --sample "$RULES_BUGS" --seconds "$RULES_BUG_SECONDS"
    _check_mutants
    _check_coverage
}

# check_api: whatever a client sends, the server is not to blame.
check_api() {
    _counted fuzz-api 'fuzz-api: P passed, F failed' '^ *❌|^[0-9]+\. Test Case|^- |^error' script/fuzz-api
}

# check_drill: releases keep what they acknowledge, whatever is done to them.
check_drill() {
    _counted drill 'drill: P passed, F failed' '^[^ ].* (failed|not run)  |^failed: |^error' script/drill
}

# check_repeatable PROGRAM: a world is the same in another process, to the last event.
check_repeatable() {
    local first second
    first=$(_world "$1") && second=$(_world "$1") || true
    if [[ $first == *fingerprint* && $first == "$second" ]]; then passed=$((passed + 1)); else
        remember_failure simulate "the same seed told two stories: $first; $second"
        failed=$((failed + 1))
    fi
}

# Its speed is not part of the story.
_world() { "$1" run --seed 20261121 --profile rough --minutes 10 | sed -E 's|[0-9]+ events/s||'; }

# check_unplanted PROGRAM: no bug can be planted in what is shipped.
check_unplanted() {
    if can_plant "$1"; then
        remember_failure planted-bugs "$1 was built with FOUNDRY_PLANTED"
        failed=$((failed + 1))
    else
        passed=$((passed + 1))
    fi
}

# check_marked PROGRAM: the mark by which check_unplanted tells is in a program that has it.
check_marked() {
    if [[ -x $1 ]] && can_plant "$1"; then passed=$((passed + 1)); else
        remember_failure planted-bugs "$1 has no planted bugs, or the mark for them has become another: see PLANTED_MARK"
        failed=$((failed + 1))
    fi
}

# _last_line NAME COMMAND...: shows what it says, and sets LAST to its last line and STATUS to how it ended.
_last_line() {
    local log=$FOUNDRY_LOGS/$1.log
    shift
    mkdir -p "$FOUNDRY_LOGS"
    STATUS=0
    "$@" </dev/null 2>&1 | tee "$log" || STATUS=${PIPESTATUS[0]}
    LAST=$(tail -n 1 "$log")
}

# _counted NAME FORM TELLING COMMAND...: FORM is its last line, with P and F where the counts stand; the lines with the
# pattern TELLING say what failed.
_counted() {
    local name=$1 form=$2 telling=$3
    shift 3
    say "==> $name"
    _last_line "$name" "$@"
    form=${form/ P / ([0-9]+) }
    if [[ $LAST =~ ^${form/ F / ([0-9]+) }$ ]]; then
        passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
        ((BASH_REMATCH[2] == 0)) || remember_failures "$name" "$FOUNDRY_LOGS/$name.log" "$telling"
    else
        remember_failures "$name" <(tail -n 3 "$FOUNDRY_LOGS/$name.log") '.'
        remember_failure "$name" "did not finish"
        failed=$((failed + 1))
    fi
}

# A mutant that survives is a missing test, told and not failed; but most must be found. A sample is small: what is less than
# the share by no more than two standard deviations is chance.
_check_mutants() {
    say "==> mutants"
    _last_line mutants script/mutants --sample "$RULES_MUTANTS" --seconds "$RULES_MUTANT_SECONDS" \
        --seed "$(first_seed)" --simulate 5
    if [[ $LAST =~ ^mutants:\ ([0-9]+)\ of\ ([0-9]+)\ found ]] && ((BASH_REMATCH[2] > 0)); then
        passed=$((passed + BASH_REMATCH[1]))
        local short=$((RULES_MUTANT_SHARE * BASH_REMATCH[2] - 100 * BASH_REMATCH[1]))
        local variance=$((RULES_MUTANT_SHARE * (100 - RULES_MUTANT_SHARE) * BASH_REMATCH[2]))
        if ((short <= 0 || short * short <= 4 * variance)); then return 0; fi
        remember_failure mutants "far less than $RULES_MUTANT_SHARE% were found: $LAST"
    else
        remember_failure mutants "did not finish: $LAST"
    fi
    failed=$((failed + 1))
}

_check_coverage() {
    local log=$FOUNDRY_LOGS/Tests--coverage-.log good bad left
    say "==> coverage"
    rm -f "$log"
    _last_line coverage script/coverage
    if [[ -e $log ]]; then
        read -r good bad left < <(count_tests "$log")
        passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
        ((bad == 0)) || remember_failures tests "$log" "$FAILED_TEST"
    fi
    if [[ $STATUS == 0 && $LAST == coverage:* ]]; then passed=$((passed + 1)) && return 0; fi
    failed=$((failed + 1))
    # What comes after the progress of the last step.
    remember_failures coverage <(tail -n 30 "$FOUNDRY_LOGS/coverage.log" | grep -av '^==> \|^    ') '.'
}
