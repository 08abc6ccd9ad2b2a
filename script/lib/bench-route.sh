# shellcheck shell=bash
# 9. Redis through its route, beside HAProxy as it is configured by hand, and without either. Source this file after
# bench-platform.sh and bench-figures.sh.

BENCH_REQUESTS=${FOUNDRY_BENCH_REQUESTS:-60000}

# measure_route RUNS: SET, 50 clients, one after the other in turn: direct, by hand, the route.
measure_route() {
    local i way direct=() hand=() route=() late_direct=() late_hand=() late_route=() ratios=() late_ratios=()
    local -A port address
    foundry push redis routed --ephemeral --memory 256M >/dev/null 2>&1 || fail "Redis could not be pushed"
    address=([direct]=$(foundry app routed --output json | jq -r '.members[0].address') [hand]=127.0.0.1 [route]=127.0.0.1)
    port=([direct]=6379 [route]=$(foundry app routed --output json | jq -r .route.port))
    port[hand]=$((port[route] + 1000))
    _begin_proxy "${port[hand]}" "${address[direct]}"
    check_load
    for ((i = 1; i <= $1; i++)); do
        # Whoever comes last has the same chance to meet a quiet machine.
        for way in direct $( ((i % 2)) && echo hand route || echo route hand); do
            read -r rate late < <(_ask_redis "${address[$way]}" "${port[$way]}")
            local -n rates=$way lates=late_$way
            rates+=("$rate") lates+=("$late")
        done
        ratios+=("$(ratio "${route[-1]}" "${hand[-1]}")")
        late_ratios+=("$(ratio "${late_route[-1]}" "${late_hand[-1]}")")
    done
    foundry delete routed --purge --force >/dev/null 2>&1
    bench_end_route
    figure "redis SET, direct" "/s" - "${direct[@]}"
    figure "redis SET, through HAProxy by hand" "/s" - "${hand[@]}"
    figure "redis SET, through the route" "/s" - "${route[@]}"
    figure "the route's throughput, as a multiple of by hand" "" ">1" "${ratios[@]}"
    figure "redis SET p99, direct" ms - "${late_direct[@]}"
    figure "redis SET p99, through HAProxy by hand" ms - "${late_hand[@]}"
    figure "redis SET p99, through the route" ms - "${late_route[@]}"
    figure "the route's p99, as a multiple of by hand" "" 1.05 "${late_ratios[@]}"
}

_begin_proxy() {
    cat >"$BENCH_WORK/haproxy.cfg" <<CONFIG
global
    maxconn 4000
    nbthread 2
defaults
    mode tcp
    timeout connect 5s
    timeout client 1h
    timeout server 1h
listen redis
    bind 127.0.0.1:$1
    server one $2:6379
CONFIG
    haproxy -D -p "$BENCH_WORK/haproxy.pid" -f "$BENCH_WORK/haproxy.cfg" >"$BENCH_WORK/haproxy.log" 2>&1 ||
        fail "HAProxy: $(cat "$BENCH_WORK/haproxy.log")"
    BENCH_PROXY=$(cat "$BENCH_WORK/haproxy.pid")
}

# _ask_redis HOST PORT: requests a second, and the 99th percentile in milliseconds.
_ask_redis() {
    redis-benchmark -h "$1" -p "$2" -c 50 -n "$BENCH_REQUESTS" -t set -d 64 --csv 2>/dev/null |
        awk -F '","' '$1 ~ /SET/ { print $2, $7; found = 1 } END { exit !found }' || fail "redis-benchmark did not say how fast it was"
}

# What this measure leaves; also when it broke off.
bench_end_route() {
    [[ -n ${BENCH_PROXY:-} ]] || return 0
    kill "$BENCH_PROXY"
    BENCH_PROXY=
}
