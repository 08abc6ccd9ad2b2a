# shellcheck shell=bash
# Running mutants and telling what became of them. Source this file after progress.sh and mutants-build.sh.

EQUAL_MUTANTS=Tests/Coverage/equal-mutants.txt

# _mutant_tests SECONDS: the rules' tests; without the measurements, which have nothing to find.
_mutant_tests() {
    exec timeout --kill-after=5 "$1" "$(echo "$MUTANTS_WORK"/.build/release/*.xctest)" --testing-library swift-testing \
        --filter FoundryRulesTests --skip Bench
}

# _mutant_simulation SECONDS SEED: fresh seeds of the simulated world on one core.
_mutant_simulation() {
    exec timeout --kill-after=5 $(($1 * 2 + 10)) "$MUTANTS_WORK/.build/release/foundry-sim" fresh --jobs 1 --failures 1 \
        --seconds "$1" --first "$2"
}

# _first_line PATTERN COMMAND...: the first line of what the command says that matches, and no more of the command: it is
# stopped there. Otherwise `ended with` its status.
_first_line() {
    local pattern=$1 output pid found
    shift
    exec {output}< <("$@" </dev/null 2>&1)
    pid=$!
    found=$(grep -am1 -E "$pattern" <&"$output" || true)
    [[ -z $found ]] || kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null && status=0 || status=$?
    exec {output}<&-
    echo "${found:-ended with $status}"
}

# measure_unmutated WORK SIMULATE SEED: nothing may be found without a mutant, by the tests nor by the simulation in twice
# the time; how long the tests take gives their limit: a mutant that runs on is found, too.
measure_unmutated() {
    local begin=$SECONDS line
    MUTANTS_WORK=$1
    (_mutant_tests 300) >"$1/unmutated.log" 2>&1 || {
        grep -a 'recorded an issue' "$1/unmutated.log" | head -n 5 >&2 || true
        fail "the tests fail without a mutant" "$1/unmutated.log has what they said"
    }
    echo $(((SECONDS - begin) * 4 + 10)) >"$1/limit.txt"
    say "    Without a mutant the tests take $((SECONDS - begin)) s"
    if (($2 == 0)) || [[ ! -x $1/.build/release/foundry-sim ]]; then return 0; fi
    line=$(_first_line '^BROKEN ' _mutant_simulation $(($2 * 2)) "$3")
    [[ $line == 'ended with 0' ]] || fail "the simulation breaks without a mutant: $line" "take another --seed, or --simulate 0"
}

# show_mutant WORK NUMBER: what it changes, and what the tests say.
show_mutant() {
    MUTANTS_WORK=$1
    grep -qx "$2" "$1/chosen.txt" 2>/dev/null || fail "mutant $2 is not in the build" "without --no-build it is built"
    awk -F '\t' -v number="$2" '$1 == number { print "Sources/FoundryRules/" $2 ":" $3 ": " $4 "\n    " $6 }' "$1/mutants.tsv"
    (FOUNDRY_MUTANT=$2 _mutant_tests 300) 2>&1 | grep -aE 'recorded an issue|Test run with|Fatal error' || true
}

# choose_mutants COUNT|all SEED PATH WORK: numbers, one per line; those judged equal are left out. Whoever is chosen stays so when
# another one turns out not to compile: the order is of what they change, not of their numbers.
choose_mutants() {
    awk -F '\t' -v OFS='\t' -v equal="$EQUAL_MUTANTS" -v part="$3" '
        BEGIN {
            while ((getline line < equal) > 0) {
                if (line ~ /^#/ || !match(line, / \| [^|]*$/)) continue
                judged[substr(line, 1, RSTART - 1)] = 1
            }
        }
        index($2, part) && !(($2 " | " $6 " | " $4) in judged) { print $1, $3 " " $5 " " $4 }' "$4/mutants.tsv" |
        sort -t $'\t' -k 2,2R -k 1,1n --random-source=<(yes "$2") | cut -f 1 |
        { if [[ $1 == all ]]; then cat; else sed -n "1,${1}p"; fi; }
}

# only_mutant NUMBER WORK
only_mutant() { awk -F '\t' -v number="$1" '$1 == number { print $1 }' "$2/mutants.tsv"; }

# run_mutants WORK SECONDS SIMULATE SEED: one line each into results.tsv: number, by what it was found, seconds.
run_mutants() {
    : >"$1/results.tsv"
    export -f run_mutant _mutant_tests _mutant_simulation _first_line _found_by_tests _found_by_simulation
    export MUTANTS_WORK=$1 MUTANTS_SIMULATE=$3 MUTANTS_SEED=$4 MUTANTS_UNTIL=$(($2 > 0 ? $(date +%s) + $2 : 0))
    MUTANTS_LIMIT=$(<"$1/limit.txt")
    export MUTANTS_LIMIT
    xargs -P "$(nproc)" -I '{}' bash -c 'run_mutant {}' <"$1/chosen.txt"
}

run_mutant() {
    local number=$1 begin=${EPOCHREALTIME/[.,]/} finding took
    if ((MUTANTS_UNTIL > 0 && $(date +%s) >= MUTANTS_UNTIL)); then return 0; fi
    export FOUNDRY_MUTANT=$number
    finding=$(_found_by_tests)
    [[ -n $finding ]] || finding=$(_found_by_simulation)
    took=$((${EPOCHREALTIME/[.,]/} - begin))
    printf '%s\t%s\t%d.%d\n' "$number" "$finding" $((took / 1000000)) $((took / 100000 % 10)) >>"$MUTANTS_WORK/results.tsv"
}

_found_by_tests() {
    local line
    line=$(_first_line 'recorded an issue' _mutant_tests "$MUTANTS_LIMIT")
    case $line in
    'ended with 0') ;;
    'ended with 124' | 'ended with 137') echo "test: runs on" ;;
    'ended with '*) echo "test: trap" ;;
    *) sed -E 's/^.* Test (.*) recorded an issue.*/test: \1/; s/\t/ /g' <<<"$line" | cut -c1-100 ;;
    esac
}

_found_by_simulation() {
    local line
    if ((MUTANTS_SIMULATE == 0)) || [[ ! -x $MUTANTS_WORK/.build/release/foundry-sim ]]; then return 0; fi
    line=$(_first_line '^BROKEN ' _mutant_simulation "$MUTANTS_SIMULATE" "$MUTANTS_SEED")
    case $line in
    'ended with 0') ;;
    'ended with 124' | 'ended with 137') echo "simulation: runs on" ;;
    'ended with '*) echo "simulation: trap" ;;
    *) sed -E 's/^BROKEN +/simulation: /; s/\t/ /g' <<<"$line" | cut -c1-100 ;;
    esac
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
