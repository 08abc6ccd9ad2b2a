# shellcheck shell=bash
# 1. A push, to the first answer. Source this file after bench-platform.sh and bench-figures.sh.

# measure_push RUNS: Redis and PostgreSQL in turn; their images are there, their volumes and data are made.
measure_push() {
    local i port pongs=() returns=() selects=()
    port=$(jq .routes.firstPort "$BENCH_DATA/config.json")
    check_load
    for ((i = 1; i <= $1; i++)); do
        _push_redis "redis-$i" "$port"
        _push_postgres "postgres-$i"
    done
    figure "push of redis, to the first PONG" s 1 "${pongs[@]}"
    figure "push of redis, until the command returns" s - "${returns[@]}"
    figure "push of postgresql, to \`select 1\`" s 6 "${selects[@]}"
}

# PING is sent every few milliseconds while the push is under way, through the route.
_push_redis() {
    local begin waiter
    begin=$(microseconds)
    _await_pong "$2" >"$BENCH_WORK/pong" &
    waiter=$!
    foundry push redis "$1" --disk 16M --memory 64M --port "$2" >"$BENCH_WORK/push.log" 2>&1 || {
        kill "$waiter"
        fail "redis could not be pushed: $(tail -n 3 "$BENCH_WORK/push.log")"
    }
    returns+=("$(since "$begin" 1000000)")
    wait "$waiter" || fail "redis never answered"
    pongs+=("$(awk -v begin="$begin" '{ printf "%.3f\n", ($1 - begin) / 1000000 }' "$BENCH_WORK/pong")")
    foundry delete "$1" --purge --force >/dev/null 2>&1
}

# _await_pong PORT: prints when the first PONG came.
_await_pong() {
    local deadline=$((SECONDS + 60)) answer connection
    # Writing to a connection that HAProxy has closed must not end this.
    trap '' PIPE
    while ((SECONDS < deadline)); do
        if { exec {connection}<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null; then
            printf 'PING\r\n' 2>/dev/null >&"$connection" || true
            answer=
            read -r -t 2 -u "$connection" answer 2>/dev/null || true
            exec {connection}>&-
            if [[ $answer == +PONG* ]]; then microseconds && return 0; fi
        fi
        pause 0.005
    done
    return 1
}

# As a person does it: push, ask for the credentials, psql.
_push_postgres() {
    local begin
    begin=$(microseconds)
    foundry push postgres "$1" --disk 512M --memory 512M >"$BENCH_WORK/push.log" 2>&1 ||
        fail "postgres could not be pushed: $(tail -n 3 "$BENCH_WORK/push.log")"
    await 30 "credentials of $1" _write_service "$1"
    await 30 "\`select 1\` from $1" _select_one "$1"
    selects+=("$(since "$begin" 1000000)")
    foundry delete "$1" --purge --force >/dev/null 2>&1
}

_write_service() { foundry credentials "$1" --pg-service >/dev/null 2>&1; }
_select_one() { [[ $(PGCONNECT_TIMEOUT=5 psql --no-psqlrc --no-password -Atc 'select 1' "service=$1" 2>/dev/null) == 1 ]]; }
