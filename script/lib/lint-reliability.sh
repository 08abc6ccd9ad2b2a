# shellcheck shell=bash
# Planted bugs stay out of what is shipped, and docs/reliability/ names what there is. Source this file after lint.sh.

# Where FOUNDRY_PLANTED may be named: where it is asked for, where the simulator is built with it, and where this is told.
PLANTED_PLACES='^(Sources/FoundryRules/Planted/PlantedBug\.swift|Sources/foundry-sim/[A-Za-z]+\.swift|script/lib/(simulation|lint-reliability|test-rules|mutants[a-z-]*)\.sh|docs/.*\.md)$'

check_planted() {
    local bug sites
    files 'Sources/*' 'Tests/*' 'script/*' '.ci/*' 'docs/*' 'images/*' 'Package.swift' | grep -vE "$PLANTED_PLACES" |
        xargs -r -d '\n' grep -HnIw FOUNDRY_PLANTED | cut -d: -f1,2 |
        sed 's/$/: only the build of the simulator sets FOUNDRY_PLANTED, in script\/lib\/simulation.sh/'
    files 'Sources/*.swift' | grep -vE '^Sources/(FoundryRules/Planted|FoundrySimulation|foundry-sim)/' |
        code_matching 'Planted\.active' 'only the simulator chooses a planted bug'
    sites=$(files 'Sources/*.swift' | xargs -r -d '\n' grep -ohE 'Planted\.has\(\.[A-Za-z]+' | sed 's/.*\.//' | sort -u)
    while read -r bug; do
        grep -qx "$bug" <<<"$sites" ||
            echo "Sources/FoundryRules/Planted/PlantedBug.swift:1: $bug is planted nowhere; put Planted.has(.$bug) at the place of its rule"
    done < <(enum_names Sources/FoundryRules/Planted/PlantedBug.swift PlantedBug)
}

# enum_names FILE ENUM: its cases, or their raw values where they have some, one per line.
enum_names() {
    awk -v name="$2" '
        $0 ~ "enum " name "[: ]" { inside = 1; next }
        inside && /^}/ { exit }
        inside && /^    case [a-z]/ {
            sub(/^    case /, "")
            count = split($0, part, /, */)
            for (i = 1; i <= count; i++) {
                if (match(part[i], /"[^"]*"/)) print substr(part[i], RSTART + 1, RLENGTH - 2)
                else { sub(/[^A-Za-z0-9].*/, "", part[i]); print part[i] }
            }
        }' "$1"
}

# page_names PAGE: what stands in backquotes at the beginning of a table's row.
page_names() { awk -F '`' '/^\| `/ { print $2 }' "$1"; }

# Each page has a row for each case of its enumeration, and for nothing else.
check_reliability() {
    local row page file name word
    for row in 'planted-bugs.md Sources/FoundryRules/Planted/PlantedBug.swift PlantedBug' \
        'faults.md Sources/FoundrySimulation/Faults/FaultKind.swift FaultKind' \
        'invariants.md Sources/FoundrySimulation/Checks/Invariant.swift Invariant' \
        'promises.md Sources/FoundrySimulation/Checks/Promise.swift Promise'; do
        read -r page file name <<<"$row"
        page=docs/reliability/$page
        while read -r word; do echo "$page:1: has no row for \`$word\` of $name"; done < \
            <(comm -13 <(page_names "$page" | sort -u) <(enum_names "$file" "$name" | sort -u))
        while read -r word; do echo "$page:1: \`$word\` is no case of $name; take its row out"; done < \
            <(comm -23 <(page_names "$page" | sort -u) <(enum_names "$file" "$name" | sort -u))
    done
}
