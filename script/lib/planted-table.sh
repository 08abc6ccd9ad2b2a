# shellcheck shell=bash
# Reads what the simulator says of planted bugs, and puts it into a page. Source this file after progress.sh.

# Lines are `NAME  N seeds, S s: INVARIANT (ARGUMENTS)` and `NAME  NOT FOUND by N seeds in S s, ...`.

# count_bugs LOG: prints FOUND MISSED.
count_bugs() {
    awk '
        /^[A-Za-z]+ +[0-9]+ seeds, [0-9.]+ s: / { found++ }
        /^[A-Za-z]+ +NOT FOUND by / { missed++ }
        END { print found + 0, missed + 0 }' "$1"
}

# write_found PAGE LOG JOBS: between `<!-- found -->` and `<!-- end -->`; rows of bugs that were not looked for now stay.
write_found() {
    awk -v day="$(date --utc +%F)" -v jobs="$3" '
        FNR == NR {
            name = $1
            if ($0 ~ /^[A-Za-z]+ +[0-9]+ seeds, [0-9.]+ s: /) fresh[name] = "| " name " | " $6 " | " $2 " | " $4 " s |"
            else if ($0 ~ /^[A-Za-z]+ +NOT FOUND by /) fresh[name] = "| " name " | **not found** | " $5 " | " $8 " s |"
            else next
            order[++count] = name
            next
        }
        $0 == "<!-- found -->" {
            inside = 1
            print
            print ""
            print "Last written " day "; " jobs " worlds at a time."
            print ""
            print "| bug | found by | seeds | in |"
            print "|---|---|---:|---:|"
            next
        }
        inside && $0 == "<!-- end -->" {
            for (i = 1; i <= count; i++) if (order[i] in fresh) { print fresh[order[i]]; delete fresh[order[i]] }
            print ""
            print
            inside = 0
            next
        }
        inside {
            if (split($0, cell, / *\| */) < 4 || cell[2] == "bug" || cell[2] ~ /^---/) next
            if (cell[2] in fresh) { print fresh[cell[2]]; delete fresh[cell[2]] } else print
            next
        }
        { print }' "$2" "$1" >"$1.new"
    cat "$1.new" >"$1"
    rm "$1.new"
    say "    Wrote what found them into $1"
}
