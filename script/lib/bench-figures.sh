# shellcheck shell=bash
# Figures: medians, spreads, and whether a limit holds. Source this file.

# One row a figure, fields between tabs: name, median, spread, n, limit, verdict.
FIGURES=()

microseconds() { echo "${EPOCHREALTIME/[.,]/}"; }

# since MICROSECONDS DIVISOR: how long ago, with three decimals: in seconds by 1000000, in milliseconds by 1000.
since() { awk -v now="$(microseconds)" -v begin="$1" -v by="$2" 'BEGIN { printf "%.3f\n", (now - begin) / by }'; }

# ratio A B
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { print a / b }'; }

# median VALUE...
median() {
    printf '%s\n' "$@" | sort -g |
        awk '{ value[NR] = $1 } END { print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}

# figure NAME UNIT LIMIT VALUE...: prints and keeps one. LIMIT is what the median has to stay below, or with a `>` before it
# what it has to reach; `-` for a figure that only explains others.
figure() {
    local name=$1 unit=$2 limit=$3 middle row
    shift 3
    (($# > 0)) || fail "$name could not be measured"
    middle=$(median "$@")
    row=$(printf '%s\n' "$@" | sort -g | awk -v name="$name" -v unit="$unit" -v limit="$limit" -v middle="$middle" '
        function plain(value) { return sprintf(value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value) }
        NR == 1 { least = $1 }
        { most = $1 }
        END {
            tail = unit == "" ? "" : " " unit
            spread = NR == 1 ? "-" : plain(least) " to " plain(most)
            sign = sub(/^>/, "", limit) ? ">=" : "<"
            holds = sign == "<" ? middle + 0 < limit + 0 : middle + 0 >= limit + 0
            verdict = limit == "-" ? "" : holds ? "pass" : "falls short"
            printf "%s\t%s\t%s\t%d\t%s\t%s", name, plain(middle) tail, spread, NR, limit == "-" ? "-" : sign " " limit tail, verdict
        }')
    FIGURES+=("$row")
    awk -F '\t' '{ printf "%-44s %10s  (%s, n=%d)  limit %s  %s\n", $1, $2, $3, $4, $5, $6 }' <<<"$row"
}

# build_kind PROGRAM: release or debug. Only a debug build asks for Swift's own libraries: script/up links them into the
# other.
build_kind() { if [[ $(ldd "$1") == *libswiftCore* ]]; then echo debug; else echo release; fi; }

# In general words: figures of two machines, or of a busy and a quiet one, are not to be compared.
describe_machine() {
    local load
    read -r load _ </proc/loadavg
    awk -v cores="$(nproc)" -v kernel="$(uname -r | grep -o '^[0-9]*\.[0-9]*')" -v load="$load" '/^MemTotal:/ {
        printf "%d cores, %.0f GB of memory, Linux %s, the pool on a loop file, load %s before\n", cores, $2 / 1e6, kernel, load
    }' /proc/meminfo
}

# Says so when others use the machine.
check_load() {
    local load
    read -r load _ </proc/loadavg
    if awk -v load="$load" -v cores="$(nproc)" 'BEGIN { exit !(load > cores / 2) }'; then
        say "    The machine is busy (load $load): take these figures with care"
    fi
}
