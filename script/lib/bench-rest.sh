# shellcheck shell=bash
# 3. What the platform itself takes while its members do nothing. Source this file after bench-platform.sh and
# bench-figures.sh.

# measure_rest SECONDS: memory and CPU of all of ours; members, their memory and their programs are not ours.
measure_rest() {
    local seconds=$1 begin end took name before after memory=() shares=()
    check_load
    # What the pushes left behind is over by then.
    sleep 10
    _check_monitors
    before=$(_our_ticks)
    begin=$(microseconds)
    sleep "$((seconds / 2))"
    memory=("$(_our_memory | awk '{ sum += $2 } END { print sum }')")
    sleep "$((seconds - seconds / 2))"
    after=$(_our_ticks)
    end=$(microseconds)
    took=$((end - begin))
    figure "memory (PSS) of ours, $BENCH_MEMBERS members at rest" MB 150 "${memory[@]}"
    figure "CPU of ours, $BENCH_MEMBERS members at rest" "% of a core" 1 "$(_share "$before" "$after" "$took" '')"
    _our_memory | awk '{ sum[$1] += $2; count[$1]++ } END { for (name in sum) printf "    %-12s %6.1f MB  (%d)\n", name, sum[name], count[name] }' |
        sort -k2,2 -gr
    for name in supervisor server cell router haproxy conmon; do
        shares+=("$name" "$(_share "$before" "$after" "$took" "$name")")
    done
    printf '    %-12s %6.2f %%\n' "${shares[@]}"
}

# `NAME PID` of every process of ours.
_our_processes() {
    local name pid
    for name in supervisor server cell router haproxy; do echo "$name $(daemon "$name")"; done
    for pid in /proc/[0-9]*; do
        [[ $(cat "$pid/comm" 2>/dev/null) == conmon ]] && grep -qaF "$BENCH_RUN/" "$pid/cmdline" && echo "conmon ${pid#/proc/}"
    done
    return 0
}

# What is not found is not counted, and a figure would look better than it is.
_check_monitors() {
    local found
    found=$(_our_processes | grep -c '^conmon ')
    ((found == BENCH_MEMBERS)) || fail "of $BENCH_MEMBERS conmons $found were found"
}

# `NAME MEGABYTES` of each: pages that several share count in parts.
_our_memory() {
    local name pid
    _our_processes | while read -r name pid; do
        awk -v name="$name" '$1 == "Pss:" { print name, $2 * 1024 / 1e6 }' "/proc/$pid/smaps_rollup"
    done
}

# `NAME PID TICKS` of each: of its threads, and of the programs that it ran.
_our_ticks() {
    local name pid
    _our_processes | while read -r name pid; do
        sed 's/.*) //' "/proc/$pid/stat" | awk -v name="$name" -v pid="$pid" '{ print name, pid, $12 + $13 + $14 + $15 }'
    done
}

# _share BEFORE AFTER MICROSECONDS NAME: percent of one core, of the processes of that name, or of all.
_share() {
    awk -v name="$4" -v took="$3" -v hertz="$(getconf CLK_TCK)" '
        name != "" && $1 != name { next }
        FNR == NR { before[$2] = $3; next }
        $2 in before { ticks += $3 - before[$2] }
        END { printf "%.3f\n", ticks / hertz / (took / 1000000) * 100 }' <(echo "$1") <(echo "$2")
}
