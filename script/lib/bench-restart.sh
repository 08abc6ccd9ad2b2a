# shellcheck shell=bash
# 4. All of ours killed at once, and started again. Source this file after bench-platform.sh and bench-figures.sh.

# measure_restart RUNS: from the start of `foundry up`, as an outer supervisor would do it, until the new cell has checked
# and reported every member, and until every route serves. A member that was restarted is a failure, not a figure.
measure_restart() {
    local i adopted=() serving=() before after
    check_load
    for ((i = 1; i <= $1; i++)); do
        before=$(member_processes)
        _kill_ours
        _restart_ours
        after=$(member_processes)
        [[ $before == "$after" ]] || fail "members were restarted: $(diff <(echo "$before") <(echo "$after") | tr '\n' ';')"
        # Let it come to rest.
        sleep 2
    done
    figure "killed and restarted, $BENCH_MEMBERS members adopted" s 1 "${adopted[@]}"
    figure "killed and restarted, every route served" s - "${serving[@]}"
}

_kill_ours() {
    local name pids=()
    for name in supervisor server cell router haproxy; do pids+=("$(daemon "$name")"); done
    kill -KILL "${pids[@]}"
    for name in "${pids[@]}"; do await 5 "the end of process $name" _is_gone "$name"; done
}

_is_gone() { ! kill -0 "$1" 2>/dev/null || [[ $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) == Z* ]]; }

_restart_ours() {
    local begin upper
    begin=$(microseconds)
    foundry up --data "$BENCH_DATA" >"$BENCH_WORK/up.log" 2>&1 &
    upper=$!
    # A cell reports nothing until it has checked all members that it found; what the server knew before is no report.
    await 30 "the adoption of $BENCH_MEMBERS members" platform_is "
        .cells[0].is_connected and .cells[0].orders_revision != null and .counts.healthy_members == $BENCH_MEMBERS"
    adopted+=("$(since "$begin" 1000000)")
    await 30 "the return of $BENCH_MEMBERS routes" platform_is ".router.serving == $BENCH_MEMBERS"
    serving+=("$(since "$begin" 1000000)")
    wait "$upper" || fail "the platform could not be started again: $(tail -n 3 "$BENCH_WORK/up.log")"
}
