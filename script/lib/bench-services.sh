# shellcheck shell=bash
# 13. Services through the broker: made, bound, deleted; and the catalog beside a bare JSON route. Source this file after
# bench-platform.sh and bench-figures.sh.

BENCH_CATALOG_SECONDS=${FOUNDRY_BENCH_CATALOG_SECONDS:-4}

# measure_services RUNS BARE: each service made and deleted in turn; then both routes in turn. BARE is the program of the bare one.
measure_services() {
    local i name redis=() postgres=() etcd=() bind=() gone=()
    _begin_broker
    check_load
    for ((i = 0; i <= $1; i++)); do
        for name in "redis small" "postgresql small" "etcd 3-servers"; do
            read -r made bound deleted < <(_live_of_service "${name% *}" "${name#* }")
            # The first of each unpacks its layers.
            ((i > 0)) || continue
            case $name in
            redis*) redis+=("$made") bind+=("$bound") gone+=("$deleted") ;;
            postgresql*) postgres+=("$made") bind+=("$bound") gone+=("$deleted") ;;
            etcd*) etcd+=("$made") ;;
            esac
        done
    done
    figure "redis, from PUT to \`succeeded\`" s 1.5 "${redis[@]}"
    figure "postgresql, from PUT to \`succeeded\`" s 6 "${postgres[@]}"
    figure "etcd 3-servers, from PUT to \`succeeded\`" s 8 "${etcd[@]}"
    figure "bind (redis, postgresql)" ms 200 "${bind[@]}"
    figure "deprovision (redis, postgresql), until it is gone" s 2 "${gone[@]}"
    _measure_catalog "$1" "$2"
}

_begin_broker() {
    local name
    for name in redis postgresql etcd; do
        foundry release install "$FOUNDRY_ROOT/releases/$name" --yes >/dev/null 2>&1 || fail "release $name could not be installed"
    done
    BENCH_BROKER=$BENCH_WORK/broker
    (
        umask 077
        foundry broker credentials add bench --output json |
            jq -r '"user = \"\(.name):\(.password)\""' >"$BENCH_BROKER"
    )
    echo 'header = "X-Broker-API-Version: 2.17"' >>"$BENCH_BROKER"
    _broker GET /v2/catalog >"$BENCH_WORK/catalog.json"
}

# _broker METHOD PATH [BODY]: the answer; its status goes to a file.
_broker() {
    curl --silent --show-error --cacert "$BENCH_DATA/tls/ca.pem" --config "$BENCH_BROKER" --request "$1" \
        ${3:+--header 'content-type: application/json' --data "$3"} \
        --write-out '%{stderr}%{http_code}\n' "$BENCH_API$2" 2>"$BENCH_WORK/status"
}

# _live_of_service OFFERING PLAN: seconds until made, milliseconds of a bind, seconds until gone.
_live_of_service() {
    local id begin made bound ids query
    id=bench-$(microseconds)
    ids=$(jq -c --arg offering "$1" --arg plan "$2" '.services[] | select(.name == $offering)
        | { service_id: .id, plan_id: (.plans[] | select(.name == $plan).id) }' "$BENCH_WORK/catalog.json")
    query=$(jq -r '"service_id=\(.service_id)&plan_id=\(.plan_id)"' <<<"$ids")
    begin=$(microseconds)
    _broker PUT "/v2/service_instances/$id?accepts_incomplete=true" \
        "$(jq -c '. + { organization_guid: "o", space_guid: "s" }' <<<"$ids")" >/dev/null
    [[ $(<"$BENCH_WORK/status") == 202 ]] || fail "a $1 was answered with $(<"$BENCH_WORK/status")"
    until [[ $(_broker GET "/v2/service_instances/$id/last_operation" | jq -r .state) == succeeded ]]; do
        (($(microseconds) - begin < 60000000)) || fail "a $1 was not there in time"
        read -r -t 0.02 -u "$BENCH_NEVER" || true
    done
    made=$(since "$begin" 1000000)
    begin=$(microseconds)
    _broker PUT "/v2/service_instances/$id/service_bindings/$id" "$ids" >/dev/null
    [[ $(<"$BENCH_WORK/status") == 201 ]] || fail "a binding of $1 was answered with $(<"$BENCH_WORK/status")"
    bound=$(since "$begin" 1000)
    begin=$(microseconds)
    _broker DELETE "/v2/service_instances/$id?accepts_incomplete=true&$query" >/dev/null
    until _broker GET "/v2/service_instances/$id/last_operation" >/dev/null && [[ $(<"$BENCH_WORK/status") == 410 ]]; do
        (($(microseconds) - begin < 60000000)) || fail "a $1 was not gone in time"
        read -r -t 0.02 -u "$BENCH_NEVER" || true
    done
    echo "$made $bound $(since "$begin" 1000000)"
}

# Requests a second over kept connections: the catalog with its authentication, and a route that does nothing.
_measure_catalog() {
    local i port ours=() bare=() ratios=() secret
    port=$(($(jq .apiPort "$BENCH_DATA/config.json") + 2000))
    "$2" "$port" "$BENCH_DATA/tls/server.pem" "$BENCH_DATA/tls/server.key" >"$BENCH_WORK/bare.log" 2>&1 &
    BENCH_BARE=$!
    await 10 "the bare route" curl --silent --insecure --output /dev/null "https://127.0.0.1:$port/status"
    secret=$(sed -n 's/^user = "\(.*\)"$/\1/p' "$BENCH_BROKER" | tr -d '\n' | base64 -w 0)
    # By a script, so that the password is in no argument.
    (
        umask 077
        printf 'wrk.headers["Authorization"] = "Basic %s"\nwrk.headers["X-Broker-API-Version"] = "2.17"\n' "$secret" \
            >"$BENCH_WORK/catalog.lua"
    )
    for ((i = 1; i <= $1; i++)); do
        bare+=("$(_rate "https://127.0.0.1:$port/status")")
        ours+=("$(_rate "$BENCH_API/v2/catalog" --script "$BENCH_WORK/catalog.lua")")
        ratios+=("$(ratio "${ours[-1]}" "${bare[-1]}")")
    done
    bench_end_services
    figure "GET of a bare JSON route" "/s" - "${bare[@]}"
    figure "GET /v2/catalog" "/s" - "${ours[@]}"
    figure "the catalog's rate, as a multiple of the bare route's" "" ">0.5" "${ratios[@]}"
}

_rate() {
    local url=$1
    shift
    wrk --threads 1 --connections 16 --duration "${BENCH_CATALOG_SECONDS}s" "$@" "$url" |
        awk '/Non-2xx/ { bad = 1 } /^Requests\/sec:/ { rate = $2 } END { if (bad || rate == "") exit 1; print rate }' ||
        fail "$url did not answer well"
}

bench_end_services() {
    if [[ -n ${BENCH_BARE:-} ]]; then
        kill "$BENCH_BARE" 2>/dev/null || true
        wait "$BENCH_BARE" 2>/dev/null || true
        BENCH_BARE=
    fi
}
