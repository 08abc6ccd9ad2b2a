# shellcheck shell=bash
# 12. A bad neighbour: how much longer an app's requests take while another app does its worst. Source this file after
# bench-platform.sh and bench-figures.sh.

# Seconds of each run of pgbench.
BENCH_NEIGHBOUR_SECONDS=${FOUNDRY_BENCH_NEIGHBOUR_SECONDS:-10}
# What the neighbour's shell runs; it ends with the connection of `foundry exec`.
declare -A BENCH_NOISES=(
    ["fork bomb"]='f() { f | f & f; }; while :; do (f) 2>/dev/null; done'
    ["memory hog"]='while :; do tail /dev/zero; done 2>/dev/null'
    ["disk filler"]='while :; do dd if=/dev/zero of=/data/fill bs=1M; rm -f /data/fill; done 2>/dev/null'
    ["log flooder"]='yes "a line that nobody wants to read, and there are many of them" >/proc/1/fd/1'
    ["sync storm"]='while :; do dd if=/dev/zero of=/data/storm bs=4k count=100000 oflag=dsync; done 2>/dev/null'
    ["busy loop"]='while :; do :; done & while :; do :; done'
)

# measure_neighbours RUNS: PostgreSQL is asked at a steady rate, commits and reads; alone and beside each noise, in turn.
measure_neighbours() {
    local i noise
    foundry push postgres victim --disk 1G --memory 512M >/dev/null 2>&1 || fail "PostgreSQL could not be pushed"
    foundry exec victim -- createdb bench >/dev/null 2>&1 || fail "a database could not be made"
    foundry exec victim -- pgbench --initialize --quiet --scale 5 bench >/dev/null 2>&1 || fail "pgbench could not begin"
    foundry push redis noisy --disk 256M --memory 256M >/dev/null 2>&1 || fail "Redis could not be pushed"
    check_load
    for noise in "fork bomb" "memory hog" "disk filler" "log flooder" "connection flooder" "sync storm" "busy loop"; do
        local commits=() reads=() commit_ratios=() read_ratios=() alone
        for ((i = 1; i <= $1; i++)); do
            for way in commits reads; do
                local -n found=$way found_ratios=${way%s}_ratios
                alone=$(_late "$way")
                _begin_noise "$noise"
                found+=("$(_late "$way")")
                bench_end_neighbour
                found_ratios+=("$(ratio "${found[-1]}" "$alone")")
            done
        done
        figure "p99 of commits beside a $noise" ms - "${commits[@]}"
        figure "p99 of commits beside a $noise, as a multiple of alone" "" 1.2 "${commit_ratios[@]}"
        figure "p99 of reads beside a $noise" ms - "${reads[@]}"
        figure "p99 of reads beside a $noise, as a multiple of alone" "" 1.2 "${read_ratios[@]}"
    done
    foundry delete noisy --purge --force >/dev/null 2>&1
    foundry delete victim --purge --force >/dev/null 2>&1
}

# _late commits|reads: the 99th percentile in milliseconds, from when a request was due.
_late() {
    local kind=(--rate 60) log=/tmp/late
    [[ $1 == commits ]] || kind=(--select-only --rate 400)
    foundry exec victim -- sh -c "rm -f $log.*; exec pgbench --client 4 --jobs 1 --time $BENCH_NEIGHBOUR_SECONDS --no-vacuum ${kind[*]} \
        --log --log-prefix $log bench" >"$BENCH_WORK/pgbench.log" 2>&1 || fail "pgbench: $(tail -n 3 "$BENCH_WORK/pgbench.log")"
    foundry exec victim -- sh -c "cat $log.*" 2>/dev/null | awk '{ print $3 / 1000 }' | sort -g |
        awk '{ value[NR] = $1 } END { if (NR < 50) exit 1; at = int(NR * 0.99); print value[at] }' ||
        fail "pgbench did not say how late it was"
}

_begin_noise() {
    if [[ $1 == "connection flooder" ]]; then
        local port
        port=$(foundry app noisy --output json | jq -r .route.port)
        while :; do redis-benchmark -p "$port" -c 500 -n 20000 -k 0 -t ping; done >/dev/null 2>&1 &
    else
        # It may end the neighbour itself, which starts anew.
        while :; do foundry exec noisy -- sh -c "${BENCH_NOISES[$1]}" || pause 0.2; done >/dev/null 2>&1 &
    fi
    BENCH_NOISE=$!
    pause 2
}

# What this measure leaves; also when it broke off.
bench_end_neighbour() {
    [[ -n ${BENCH_NOISE:-} ]] || return 0
    kill "$BENCH_NOISE" 2>/dev/null || true
    pkill -P "$BENCH_NOISE" 2>/dev/null || true
    wait "$BENCH_NOISE" 2>/dev/null || true
    BENCH_NOISE=
    # What it left running ends with its container.
    foundry restart noisy >/dev/null 2>&1 || true
}
