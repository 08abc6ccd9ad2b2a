# shellcheck shell=bash
# Starting the platform with the installed program. Source this file after preflight.sh and swift.sh.

USUAL_DATA=/var/lib/foundry
# What a first `foundry up` there takes: the API, the cells' listener, the routes. Elsewhere it looks for free ones.
USUAL_PORTS=(7480 7481)
USUAL_ROUTES=(20000 20199)

# MiB. The pool takes half of what is free, and has to hold the demo; beside it lie unpacked layers and the store.
DATA_MEGABYTES=6000
IMAGE_MEGABYTES=700
declare -A BUILD_DIRECTORIES=([debug]=.build [release]=.build-release)
declare -A BUILD_MEGABYTES=([debug]=3500 [release]=3500)

# platform_ports DATA: the ports that its configuration names, or those of a first start.
platform_ports() {
    local configuration=$1/config.json
    if [[ -s $configuration ]]; then
        jq -r '.apiPort, .cellPort, (.routes | range(.firstPort; .lastPort + 1))' "$configuration"
    elif [[ $1 == "$USUAL_DATA" ]]; then
        printf '%s\n' "${USUAL_PORTS[@]}"
        seq "${USUAL_ROUTES[@]}"
    fi
}

# platform_processes DATA: the numbers of its daemons that live, the supervisor's first.
platform_processes() {
    local configuration=$1/config.json run name pid
    [[ -s $configuration ]] || return 0
    run=/run/foundry/$(jq -r .instance "$configuration")
    for name in supervisor server cell router haproxy; do
        [[ -s $run/$name.pid ]] && read -r pid _ <"$run/$name.pid" && kill -0 "$pid" 2>/dev/null && echo "$pid"
    done
    return 0
}

# check_platform DATA MODE: room for it, and its ports free unless it holds them itself.
check_platform() {
    local ports
    check_disk "$1=$DATA_MEGABYTES" "/var/cache/foundry=$IMAGE_MEGABYTES" \
        "$FOUNDRY_ROOT/${BUILD_DIRECTORIES[$2]}=${BUILD_MEGABYTES[$2]}"
    if [[ -z $(platform_processes "$1") ]]; then
        mapfile -t ports < <(platform_ports "$1")
        check_ports "${ports[@]}"
    fi
}

# Ends the daemons that still run the program that was replaced. Members go on; the next `foundry up` adopts them.
_stop_replaced() {
    local pid supervisor
    supervisor=$(platform_processes "$1" | head -n 1)
    for pid in $(platform_processes "$1"); do
        [[ $(readlink "/proc/$pid/exe") == "$FOUNDRY_PROGRAM (deleted)" ]] || continue
        # The supervisor ends the others with itself; one that has none is ended alone.
        kill -TERM "$pid" 2>/dev/null || true
        [[ $pid != "$supervisor" ]] || timeout 30 tail --pid="$pid" -f /dev/null || true
    done
}

_start_platform() {
    [[ $INSTALLED == no ]] || _stop_replaced "$1"
    "$FOUNDRY_PROGRAM" up --data "$@"
}

# start_platform DATA [OPTION...]: `foundry up` returns when everything serves, and at once when it did already.
start_platform() { step --expect 10 "Platform (foundry up)" _start_platform "$@"; }
