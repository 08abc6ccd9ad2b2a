# shellcheck shell=bash
# 5. A look at all apps. Source this file after bench-platform.sh and bench-figures.sh.

# measure_apps RUNS: the whole command, from its start to its end.
measure_apps() {
    local i begin times=()
    check_load
    foundry apps >/dev/null
    for ((i = 1; i <= $1; i++)); do
        begin=$(microseconds)
        foundry apps >/dev/null
        times+=("$(since "$begin" 1000)")
    done
    figure "\`foundry apps\` with $BENCH_MEMBERS members" ms 60 "${times[@]}"
}
