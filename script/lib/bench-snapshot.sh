# shellcheck shell=bash
# 11. A snapshot of a disk under a busy database: how long its writers are held. Source this file after bench-platform.sh and
# bench-figures.sh.

# Of the disk, in whole gigabytes: 1G, 10G. Two of it have to fit into the pool.
BENCH_SNAPSHOT_SIZE=${FOUNDRY_BENCH_SNAPSHOT_SIZE:-1G}

# measure_snapshots RUNS: each snapshot is removed before the next one is taken.
measure_snapshots() {
    local i begin pauses=() times=()
    # Some 150 MB of data in each gigabyte.
    begin_pgbench "$BENCH_SNAPSHOT_SIZE" "$((${BENCH_SNAPSHOT_SIZE%G} * 10))"
    check_load
    for ((i = 1; i <= $1; i++)); do
        begin=$(microseconds)
        foundry snapshot snaps --name "s$i" --output json >"$BENCH_WORK/snapshot.json" || fail "no snapshot could be taken"
        times+=("$(since "$begin" 1000)")
        pauses+=("$(jq .pause_milliseconds "$BENCH_WORK/snapshot.json")")
        foundry snapshot rm snaps "s$i" >/dev/null 2>&1 || fail "a snapshot could not be removed"
    done
    bench_end_snapshot
    foundry delete snaps --purge --force >/dev/null 2>&1
    figure "writers held by a snapshot under pgbench" "ms" - "${pauses[@]}"
    figure "the same, p99 of $1" "ms" 150 "$(p99 "${pauses[@]}")"
    figure "foundry snapshot, until the command returns" "ms" - "${times[@]}"
}

# begin_pgbench SIZE SCALE: a PostgreSQL named snaps, with pgbench in it until bench_end_snapshot.
begin_pgbench() {
    foundry push postgres snaps --disk "$1" --memory 512M >/dev/null 2>&1 || fail "PostgreSQL could not be pushed"
    foundry exec snaps -- createdb bench >/dev/null 2>&1 || fail "a database could not be made"
    foundry exec snaps -- pgbench --initialize --quiet --scale "$2" bench >/dev/null 2>&1 || fail "pgbench could not begin"
    while foundry exec snaps -- pgbench --client 8 --jobs 2 --time 20 --no-vacuum bench; do :; done >/dev/null 2>&1 &
    BENCH_PGBENCH=$!
    pause 3
}

# p99 VALUE...
p99() {
    printf '%s\n' "$@" | sort -g | awk '{ value[NR] = $1 } END { at = int(NR * 0.99); if (at < NR * 0.99) at++; print value[at] }'
}

# What this measure leaves; also when it broke off. What runs in the member goes with it.
bench_end_snapshot() {
    [[ -n ${BENCH_PGBENCH:-} ]] || return 0
    kill "$BENCH_PGBENCH" 2>/dev/null || true
    wait "$BENCH_PGBENCH" 2>/dev/null || true
    BENCH_PGBENCH=
}
