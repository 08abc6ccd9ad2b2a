# shellcheck shell=bash
# 2. A member's start beside a plain `runc run` of the same image. Source this file after bench-platform.sh and
# bench-figures.sh.

# measure_start RUNS: a start and a `runc run` in turn. A start is from the moment when the server takes the order
# (`app.start` in its journal) until the process runs (`container.start` done in the cell's): transactions, orders, network,
# root file system, conmon and runc. The image's volume is in memory, as making a disk is no part of a container's start.
measure_start() {
    local i starts=() plain=() ratios=()
    _prepare_runc
    foundry push redis starter --ephemeral --no-route --no-start --memory 64M >/dev/null 2>&1
    # The first start also places the member.
    foundry start starter >/dev/null 2>&1
    foundry stop starter >/dev/null 2>&1
    check_load
    for ((i = 1; i <= $1; i++)); do
        _run_runc
        _start_member
        ratios+=("$(ratio "${starts[-1]}" "${plain[-1]}")")
    done
    foundry delete starter --purge --force >/dev/null 2>&1
    bench_end_start
    figure "a member's start" ms - "${starts[@]}"
    figure "\`runc run\` of the same image" ms - "${plain[@]}"
    figure "a member's start, as a multiple of \`runc run\`" "" 3 "${ratios[@]}"
}

_start_member() {
    local server=$BENCH_DATA/journal/server.log cell=$BENCH_DATA/journal/cell.log orders effects begin end
    orders=$(wc -c <"$server") effects=$(wc -c <"$cell")
    foundry start starter >/dev/null 2>&1 || fail "a member could not be started"
    begin=$(_time_in "$server" "$orders" app.start begun)
    end=$(_time_in "$cell" "$effects" container.start done)
    [[ -n $begin && -n $end ]] || fail "the journals do not tell when a member was started"
    starts+=("$((end - begin))")
    foundry stop starter >/dev/null 2>&1 || fail "a member could not be stopped"
}

# _time_in JOURNAL OFFSET EFFECT PHASE: the first such entry's time, in milliseconds.
_time_in() {
    tail -c "+$(($2 + 1))" "$1" |
        jq -r --arg name "$3" --arg phase "$4" 'select(.name == $name and .phase == $phase) | .time' | head -n 1
}

_run_runc() {
    local begin
    begin=$(microseconds)
    # Until the process runs: a detached `runc run` returns then.
    runc --root "$BENCH_WORK/runc" run --detach --bundle "$BENCH_WORK/bundle" "bench-$BENCH_INSTANCE" \
        </dev/null >"$BENCH_WORK/runc.log" 2>&1 || fail "runc: $(cat "$BENCH_WORK/runc.log")"
    plain+=("$(since "$begin" 1000)")
    _delete_runc
}

_delete_runc() { runc --root "$BENCH_WORK/runc" delete --force "bench-$BENCH_INSTANCE"; }

_prepare_runc() {
    BENCH_ROOTFS=$BENCH_WORK/bundle/rootfs
    prepare_bundle redis "$BENCH_WORK/bundle"
}

# What this measure leaves; also when it broke off.
bench_end_start() {
    [[ -n ${BENCH_ROOTFS:-} ]] || return 0
    _delete_runc 2>/dev/null || true
    umount "$BENCH_ROOTFS"
    BENCH_ROOTFS=
}
