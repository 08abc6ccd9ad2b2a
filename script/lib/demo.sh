# shellcheck shell=bash
# The demo that script/up pushes: a real PostgreSQL, ready for psql. Source this file after progress.sh and swift.sh.

# Runs a command against the platform of DEMO_INSTANCE, whichever one the user's commands talk to.
_on_demo() { "$FOUNDRY_PROGRAM" "$@" --target "$DEMO_INSTANCE"; }

# The service file of the person who called sudo, not root's: the pasted line has to work for them.
_use_service_file_of_caller() {
    local home
    [[ -n ${SUDO_USER:-} && $SUDO_USER != root && -z ${PGSERVICEFILE:-} ]] || return 0
    home=$(getent passwd "$SUDO_USER" | cut -d: -f6)
    [[ -d $home ]] || return 0
    export PGSERVICEFILE=$home/.pg_service.conf
    # foundry keeps the owner of a file that is there.
    [[ -e $PGSERVICEFILE ]] || install -o "$SUDO_USER" -g "$(id -gn "$SUDO_USER")" -m 0600 /dev/null "$PGSERVICEFILE"
}

# In one word; `absent` when there is none.
demo_state() {
    local answer status=0 log=$FOUNDRY_LOGS/demo-state.log
    answer=$(_on_demo app demo --output json 2>"$log") || status=$?
    case $status in
    0) jq -r .state <<<"$answer" ;;
    3) echo absent ;;
    *) fail "the platform does not answer: $(cat "$log")" "foundry status; foundry doctor" ;;
    esac
}

# push_demo DATA: sees to it that `demo` runs there, and that `psql service=demo` reaches it.
push_demo() {
    local state DEMO_INSTANCE
    DEMO_INSTANCE=$(jq -r .instance "$1/config.json")
    state=$(demo_state)
    case $state in
    running) say "    Demo: runs" ;;
    absent) step --expect 15 "Demo (push postgres)" _on_demo push postgres demo --disk 1G --memory 512M --wait ;;
    *) step --expect 10 "Demo (start)" _on_demo start demo --wait ;;
    esac
    _use_service_file_of_caller
    # Writes the password from the volume straight into the file of mode 0600; prints only where that is.
    _on_demo credentials demo --pg-service >/dev/null
    [[ $(PGCONNECT_TIMEOUT=10 psql --no-psqlrc --no-password -Atc 'select 1' service=demo) == 1 ]] ||
        fail "the demo does not answer" "foundry why demo"
}
