# shellcheck shell=bash
# What failed, told once more just above the count: who reads only the end of a long log reads the reasons. Source this file.

FAILURES=()

# remember_failure PART SENTENCE
remember_failure() { FAILURES+=("$1: $2"); }

# remember_failures PART LOG PATTERN: the last 40 lines of the log that have the pattern, each with what a test said to it ("↳ ").
remember_failures() {
    local line
    while IFS= read -r line; do remember_failure "$1" "${line:0:1000}"; done < <(
        LC_ALL=C.UTF-8 PATTERN=$3 awk '/^↳ / { if (told) print; next } { told = $0 ~ ENVIRON["PATTERN"] } told' "$2" |
            tail -n 40 || true
    )
}

tell_failures() {
    ((${#FAILURES[@]} > 0)) || return 0
    echo "What failed:"
    printf '  %s\n' "${FAILURES[@]}"
}
