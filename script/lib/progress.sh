# shellcheck shell=bash
# Progress of long steps: a bar on a terminal, plain lines otherwise; the output of each step goes to a log of its own.
# Source this file.

FOUNDRY_LOGS=${FOUNDRY_LOGS:-$FOUNDRY_ROOT/.build-logs}

say() { printf '%s\n' "$*" >&2; }

# fail MESSAGE [HINT]: says what is wrong and what to do, and ends the script.
fail() {
    say "error: $1"
    [[ -z ${2:-} ]] || say "hint: $2"
    exit 1
}

# format_seconds SECONDS: 95 -> 1m35s
format_seconds() {
    if (($1 < 60)); then printf '%ds' "$1"; else printf '%dm%02ds' $(($1 / 60)) $(($1 % 60)); fi
}

# Prints how far a step is, from 0 to 1000: by the last `[n/m]` in its log, otherwise by the time it took before.
_permille() {
    local log=$1 elapsed=$2 expected=$3 counts n m
    counts=$(tail -c 2000 "$log" 2>/dev/null | grep -ao '\[[0-9]\+/[0-9]\+\]' | tail -n 1) || true
    if [[ -n $counts ]]; then
        n=${counts#[} n=${n%%/*} m=${counts#*/} m=${m%]}
        ((m > 0)) && printf '%d' $((n * 1000 / m)) && return
    fi
    local done=$((elapsed * 1000 / (expected > 0 ? expected : 1)))
    printf '%d' $((done < 950 ? done : 950))
}

_draw_bar() {
    local title=$1 permille=$2 elapsed=$3 width=28 filled bar rest
    filled=$((permille * width / 1000))
    printf -v bar '%*s' "$filled" ''
    printf -v rest '%*s' $((width - filled)) ''
    printf '\r\033[K%-34s [%s%s] %3d%%  %s' "$title" "${bar// /#}" "${rest// /.}" $((permille / 10)) \
        "$(format_seconds "$elapsed")" >&2
}

# Draws while the step runs. Ends with the script that started it.
_watch() {
    local title=$1 log=$2 expected=$3 owner=$4 start=$SECONDS elapsed next=20 permille
    while kill -0 "$owner" 2>/dev/null; do
        elapsed=$((SECONDS - start))
        if [[ -t 2 ]]; then
            permille=$(_permille "$log" "$elapsed" "$expected")
            _draw_bar "$title" "$permille" "$elapsed"
            sleep 0.5
        else
            sleep 1
            if ((elapsed >= next)); then
                permille=$(_permille "$log" "$elapsed" "$expected")
                say "    $title: $(format_seconds "$elapsed"), about $((permille / 10))%"
                next=$((elapsed + 20))
            fi
        fi
    done
}

# step [--expect SECONDS] TITLE COMMAND...
# Runs COMMAND with its output in a log and shows progress. When it fails, shows the end of the log and returns its
# status. How long it took is kept beside the log: the next run's bar is drawn from that.
step() {
    local expected=30
    if [[ $1 == --expect ]]; then
        expected=$2
        shift 2
    fi
    local title=$1 slug log status start=$SECONDS watcher
    shift
    slug=${title//[^A-Za-z0-9]/-}
    mkdir -p "$FOUNDRY_LOGS"
    log=$FOUNDRY_LOGS/$slug.log
    [[ ! -s $FOUNDRY_LOGS/$slug.seconds ]] || read -r expected <"$FOUNDRY_LOGS/$slug.seconds"

    [[ -t 2 ]] || say "==> $title"
    : >"$log"
    # Descriptor 9 is where our scripts hold locks: the watcher must not keep one.
    _watch "$title" "$log" "$expected" $$ 9>&- &
    watcher=$!
    # Not `command || status=$?`: bash ignores errexit inside a function called like that.
    set +e
    (
        set -e
        "$@"
    ) >>"$log" 2>&1 </dev/null
    status=$?
    set -e
    kill "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true

    local took=$((SECONDS - start)) clear=''
    [[ ! -t 2 ]] || clear=$'\r\033[K'
    if ((status == 0)); then
        echo "$took" >"$FOUNDRY_LOGS/$slug.seconds"
        say "$clear    $title: done in $(format_seconds "$took")"
        return 0
    fi
    say "$clear    $title: failed after $(format_seconds "$took"); what $log ends with:"
    {
        # A compiler's errors can lie far above the end, and come several times.
        head -n -30 "$log" | grep -aE '(^|: )error: ' | awk '!seen[$0]++' | head -n 20 || true
        tail -n 30 "$log"
    } | sed 's/^/    | /' >&2
    return "$status"
}
