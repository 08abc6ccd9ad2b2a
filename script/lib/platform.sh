# shellcheck shell=bash
# Starting the platform with the installed program. Source this file after preflight.sh and swift.sh.

# What a first `foundry up` takes: the API, the cells' listener, the routes.
DEFAULT_PORTS=(7480 7481)
DEFAULT_ROUTES=(20000 20199)
# MiB: the pool file, unpacked layers and the store.
DATA_MEGABYTES=12000
declare -A BUILD_DIRECTORIES=([debug]=.build [release]=.build-release)
declare -A BUILD_MEGABYTES=([debug]=4500 [release]=3500)

# platform_ports DATA: the ports that its configuration names, or those of a first start.
platform_ports() {
    local configuration=$1/config.json
    if [[ -s $configuration ]]; then
        jq -r '.apiPort, .cellPort, (.routes | range(.firstPort; .lastPort + 1))' "$configuration"
    else
        printf '%s\n' "${DEFAULT_PORTS[@]}"
        seq "${DEFAULT_ROUTES[@]}"
    fi
}

# platform_runs DATA: whether its daemons hold their ports themselves.
platform_runs() {
    local configuration=$1/config.json instance pid file
    [[ -s $configuration ]] || return 1
    instance=$(jq -r .instance "$configuration")
    for file in "/run/foundry/$instance"/*.pid; do
        [[ -s $file ]] && read -r pid _ <"$file" && kill -0 "$pid" 2>/dev/null && return 0
    done
    return 1
}

# check_platform DATA MODE: room for it, and its ports free unless it holds them already.
check_platform() {
    local ports
    check_disk "$1=$DATA_MEGABYTES" /var/cache/foundry=700 "$FOUNDRY_ROOT/${BUILD_DIRECTORIES[$2]}=${BUILD_MEGABYTES[$2]}"
    if ! platform_runs "$1"; then
        mapfile -t ports < <(platform_ports "$1")
        check_ports "${ports[@]}"
    fi
}

# start_platform DATA: `foundry up` returns when everything serves, and at once when it did already.
start_platform() {
    step --expect 10 "Platform (foundry up)" "$FOUNDRY_PROGRAM" up --data "$1"
}
