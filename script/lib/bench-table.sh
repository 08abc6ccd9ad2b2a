# shellcheck shell=bash
# Puts figures into a document, between `<!-- figures: KIND -->` and `<!-- end -->`. Source this file after
# bench-figures.sh.

# write_figures DOCUMENT KIND MACHINE: rows of the same name are replaced, others stay, new ones come last.
write_figures() {
    local document=$1 kind=$2 machine=$3
    grep -qx "<!-- figures: $kind -->" "$document" || fail "$document has no place for figures of the $kind build"
    # Written over, not renamed: it keeps owner and mode.
    printf '%s\n' "${FIGURES[@]}" | awk -F '\t' -v kind="$kind" -v machine="$machine" -v day="$(date --utc +%F)" '
        function row(line, field) {
            split(line, field, "\t")
            return "| " field[1] " | " field[2] " | " field[3] " | " field[4] " | " field[5] " | " field[6] " |"
        }
        function close_table(name) {
            for (i = 1; i <= count; i++) if (order[i] in fresh) { print row(fresh[order[i]]); delete fresh[order[i]] }
        }
        FNR == NR { fresh[$1] = $0; order[++count] = $1; next }
        $0 == "<!-- figures: " kind " -->" {
            inside = 1
            print
            print ""
            print "Last measured " day ", " (kind == "rules" ? "release" : kind) " build; " machine "."
            print ""
            print "| What | Median | Spread | n | Limit | |"
            print "| --- | ---: | --- | ---: | --- | --- |"
            next
        }
        inside && $0 == "<!-- end -->" { close_table(); print ""; print; inside = 0; next }
        inside {
            if (split($0, cell, / *\| */) < 3 || cell[2] == "What" || cell[2] ~ /^---/) next
            if (cell[2] in fresh) { print row(fresh[cell[2]]); delete fresh[cell[2]] } else print
            next
        }
        { print }' - "$document" >"$document.new"
    cat "$document.new" >"$document"
    rm "$document.new"
    say "    Wrote the figures of the $kind build into $document"
}
