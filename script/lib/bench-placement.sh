# shellcheck shell=bash
# 6. Placement: filling 5,000 cells, and the plan for one that is lost. Source this file after bench-figures.sh.

# measure_placement SIMULATOR RUNS: each run has a seed of its own. The simulator's `placement-bench` says `name value` by lines.
measure_placement() {
    local simulator=$1 runs=$2 i text each=() ratio=() slowest=() plan=() memory=()
    check_load
    for ((i = 1; i <= runs; i++)); do
        text=$("$simulator" placement-bench --seed "$i") || fail "placement could not be measured"
        each+=("$(_placement 5000.each 1000 "$text")")
        slowest+=("$(_placement 5000.slowest-thousand 1000 "$text")")
        plan+=("$(_placement 5000.plan 1000000 "$text")")
        memory+=("$(_placement 5000.memory 1000000 "$text")")
        ratio+=("$(awk -v large="$(_placement 5000.each 1 "$text")" -v small="$(_placement 500.each 1 "$text")" \
            'BEGIN { printf "%.3f\n", large / small }')")
    done
    # 5,000 a second are 200 us each.
    figure "a placement, filling 5,000 cells to 90 %" us 200 "${each[@]}"
    figure "the same, the slowest thousand" us - "${slowest[@]}"
    figure "the same, as a multiple of that with 500 cells" "" 2 "${ratio[@]}"
    figure "the plan for a lost cell of 50 members, of 250,000" ms 100 "${plan[@]}"
    figure "memory with 5,000 cells and 250,000 members" MB - "${memory[@]}"
}

# _placement NAME DIVISOR LINES
_placement() {
    awk -v name="placement.$1" -v by="$2" '$1 == name { printf "%.3f\n", $2 / by; found = 1 } END { exit !found }' <<<"$3" ||
        fail "the simulator said nothing of placement.$1"
}
