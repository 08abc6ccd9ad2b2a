# shellcheck shell=bash
# Running mutants and telling what became of them. Source this file after progress.sh and mutants-build.sh.

EQUAL_MUTANTS=Tests/Coverage/equal-mutants.txt

_mutant_tests() { echo "$1"/.build/release/*.xctest; }
_mutant_simulation() { echo "$1/.build/release/foundry-sim"; }

# The rules' tests without the measurements, which have nothing to find.
_test_mutant() {
    FOUNDRY_MUTANT=$2 timeout --kill-after=5 "$3" "$(_mutant_tests "$1")" --testing-library swift-testing \
        --filter FoundryRulesTests --skip Bench </dev/null 2>&1
}

# measure_unmutated WORK: all must pass, and how long they take gives the limit: a mutant that runs on is found, too.
measure_unmutated() {
    local begin=$SECONDS
    _test_mutant "$1" 0 300 >"$1/unmutated.log" || {
        grep -a 'recorded an issue' "$1/unmutated.log" | head -n 5 >&2 || true
        fail "the tests fail without a mutant" "$1/unmutated.log has what they said"
    }
    echo $(((SECONDS - begin) * 4 + 15)) >"$1/limit.txt"
}

# show_mutant WORK NUMBER: what it changes, and what the tests say.
show_mutant() {
    awk -F '\t' -v number="$2" '$1 == number { print "Sources/FoundryRules/" $2 ":" $3 ": " $4 "\n    " $6 }' "$1/mutants.tsv"
    _test_mutant "$1" "$2" 300 | grep -aE 'recorded an issue|Test run with|Fatal error' || true
}

# choose_mutants WORK COUNT|all SEED PATH: numbers, one per line; those judged equal are left out.
choose_mutants() {
    awk -F '\t' -v equal="$EQUAL_MUTANTS" -v part="$4" '
        BEGIN {
            while ((getline line < equal) > 0) {
                if (line ~ /^#/ || !match(line, / \| [^|]*$/)) continue
                judged[substr(line, 1, RSTART - 1)] = 1
            }
        }
        index($2, part) && !(($2 " | " $6 " | " $4) in judged) { print $1 }' "$1/mutants.tsv" |
        shuf --random-source=<(yes "$3") | { if [[ $2 == all ]]; then cat; else head -n "$2"; fi; }
}

# run_mutants WORK SECONDS SIMULATE SEED: one line each into results.tsv: number, by what it was found, seconds.
run_mutants() {
    local work=$1
    : >"$work/results.tsv"
    export -f run_mutant _test_mutant _mutant_tests _mutant_simulation _first_finding
    export MUTANTS_WORK=$work MUTANTS_SIMULATE=$3 MUTANTS_SEED=$4 MUTANTS_UNTIL=$(($2 > 0 ? $(date +%s) + $2 : 0))
    MUTANTS_LIMIT=$(<"$work/limit.txt")
    export MUTANTS_LIMIT
    xargs -P "$(nproc)" -I '{}' bash -c 'run_mutant {}' <"$work/chosen.txt"
}

run_mutant() {
    local number=$1 begin=${EPOCHREALTIME/[.,]/} finding took
    if ((MUTANTS_UNTIL > 0 && $(date +%s) >= MUTANTS_UNTIL)); then return 0; fi
    finding=$(_first_finding "$number")
    took=$((${EPOCHREALTIME/[.,]/} - begin))
    printf '%s\t%s\t%d.%d\n' "$number" "$finding" $((took / 1000000)) $((took / 100000 % 10)) >>"$MUTANTS_WORK/results.tsv"
}

# By what a mutant was found; nothing when it was not.
_first_finding() {
    local number=$1 log status=0 issue simulation
    log=$MUTANTS_WORK/run.$number.log
    # The first issue ends the run: grep goes, and the tests with it.
    { _test_mutant "$MUTANTS_WORK" "$number" "$MUTANTS_LIMIT"; echo "ended with $?"; } 2>/dev/null |
        grep -am1 -E 'recorded an issue|^ended with' >"$log" || true
    issue=$(<"$log")
    rm -f "$log"
    case $issue in
    *'recorded an issue'*) sed -E 's/^[^A-Za-z]*Test (.*) recorded an issue.*/test: \1/; s/\t/ /g' <<<"$issue" | cut -c1-100 && return ;;
    'ended with 0') ;;
    'ended with 124' | 'ended with 137') echo "test: runs on" && return ;;
    *) echo "test: trap" && return ;;
    esac
    simulation=$(_mutant_simulation "$MUTANTS_WORK")
    if [[ ! -x $simulation ]] || ((MUTANTS_SIMULATE == 0)); then return; fi
    FOUNDRY_MUTANT=$number timeout --kill-after=5 $((MUTANTS_SIMULATE * 2 + 10)) \
        "$simulation" --seconds "$MUTANTS_SIMULATE" --seed "$MUTANTS_SEED" </dev/null >"$log" 2>&1 || status=$?
    case $status in
    0) ;;
    124 | 137) echo "simulation: runs on" ;;
    *) echo "simulation: $(grep -m1 -aE 'violated|Fatal error' "$log" | cut -c1-90 || echo "status $status")" ;;
    esac
    rm -f "$log"
}

# report_mutants WORK: what was found by what, what was not, and the count.
report_mutants() {
    sort -n "$1/results.tsv" | awk -F '\t' -v table="$1/mutants.tsv" -v equal="$EQUAL_MUTANTS" '
        BEGIN {
            while ((getline row < table) > 0) {
                split(row, part, "\t")
                place[part[1]] = "Sources/FoundryRules/" part[2] ":" part[3] ": " part[4]
                text[part[1]] = part[6]
                known[part[2] " | " part[6] " | " part[4]] = 1
            }
            while ((getline line < equal) > 0)
                if (line !~ /^#/ && match(line, / \| [^|]*$/)) {
                    if (substr(line, 1, RSTART - 1) in known) judged++
                    else print equal ": there is no such mutant any more: " line
                }
        }
        {
            all++
            if ($2 == "") { survived = survived "  #" $1 " " place[$1] "\n      " text[$1] "\n"; next }
            found++
            by = $2; sub(/:.*/, "", by)
            count[by]++; seconds[by] += $3
            printf "found in %5ss by %-60.60s  %s\n", $3, $2, place[$1]
        }
        END {
            if (survived != "") printf "Survived:\n%s", survived
            for (by in count) printf "found by %s: %d, in %.1f s on the average\n", by, count[by], seconds[by] / count[by]
            printf "mutants: %d of %d found (%.1f%%); %d judged equal; %d survived\n", found, all, all ? 100 * found / all : 0, judged, all - found
            exit all == 0
        }'
}
