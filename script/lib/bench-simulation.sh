# shellcheck shell=bash
# 7. The simulated world: how fast it is on one core, with all checks on. Source this file after bench-figures.sh.

# measure_simulation SIMULATOR RUNS: each run has a first seed of its own. The simulator's `bench` says `name value` by lines.
measure_simulation() {
    local simulator=$1 runs=$2 i text each=() hours=() seeds=0
    check_load
    for ((i = 1; i <= runs; i++)); do
        text=$("$simulator" bench --seconds 10 --first "$i") || fail "the simulation could not be measured"
        each+=("$(_simulation each 1000 "$text")")
        hours+=("$(awk -v simulated="$(_simulation simulated-seconds 3600 "$text")" \
            -v took="$(_simulation nanoseconds 1000000000 "$text")" 'BEGIN { printf "%.3f\n", simulated / took }')")
        seeds=$((seeds + $(_simulation seeds 1 "$text" | cut -d. -f1)))
        # A world that breaks ends early: its first minutes are not the usual ones.
        (($(_simulation broken 1 "$text" | cut -d. -f1) == 0)) ||
            say "    Some seeds broke, so take these figures with care: script/simulate tells which"
    done
    # 200,000 a second are 5 us each.
    figure "a simulated event, all checks on, one core" us 5 "${each[@]}"
    figure "hours of a cluster in a second of one core" h - "${hours[@]}"
    say "    Seeds: $seeds"
}

# _simulation NAME DIVISOR LINES
_simulation() {
    awk -v name="simulation.$1" -v by="$2" '$1 == name { printf "%.3f\n", $2 / by; found = 1 } END { exit !found }' <<<"$3" ||
        fail "the simulator said nothing of simulation.$1"
}
