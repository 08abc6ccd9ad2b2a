# shellcheck shell=bash
# The demo that script/up pushes: a real PostgreSQL, ready for psql. Source this file after progress.sh and swift.sh.

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
    local answer status=0
    answer=$("$FOUNDRY_PROGRAM" app demo --output json 2>"$FOUNDRY_LOGS/demo-state.log") || status=$?
    case $status in
    0) jq -r .state <<<"$answer" ;;
    3) echo absent ;;
    *) fail "the platform does not answer: $(cat "$FOUNDRY_LOGS/demo-state.log")" "foundry status; foundry doctor" ;;
    esac
}

_push_demo() { "$FOUNDRY_PROGRAM" push postgres demo --disk 1G --memory 512M --wait; }

# push_demo: sees to it that `demo` runs, and that `psql service=demo` reaches it.
push_demo() {
    local state
    state=$(demo_state)
    case $state in
    running) say "    Demo: runs" ;;
    absent) step --expect 15 "Demo (push postgres)" _push_demo ;;
    *) step --expect 10 "Demo (start)" "$FOUNDRY_PROGRAM" start demo --wait ;;
    esac
    _use_service_file_of_caller
    # Writes the password from the volume straight into the file of mode 0600; prints only where that is.
    "$FOUNDRY_PROGRAM" credentials demo --pg-service >/dev/null
    [[ $(PGCONNECT_TIMEOUT=10 psql --no-psqlrc --no-password -Atc 'select 1' service=demo) == 1 ]] ||
        fail "the demo does not answer" "foundry why demo"
}
