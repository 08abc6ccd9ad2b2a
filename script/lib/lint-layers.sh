# shellcheck shell=bash
# Which target may import which of ours, and what the pure targets may not touch. Source this file after lint.sh.
# Design: imports point down only; decisions are pure, the world is at the edges.

# target: the targets of ours that it may import
LAYERS='
CFoundryLinux:
FoundryModel:
FoundryRules: FoundryModel
FoundrySimulation: FoundryModel FoundryRules
foundry-sim: FoundryModel FoundryRules FoundrySimulation
FoundryEffects: CFoundryLinux FoundryModel
FoundryStore: FoundryModel FoundryRules
FoundryClient: FoundryModel
FoundryRouter: CFoundryLinux FoundryModel FoundryRules FoundryEffects FoundryClient
FoundryCell: CFoundryLinux FoundryModel FoundryRules FoundryEffects FoundryClient
FoundryReleases: FoundryModel FoundryRules FoundryEffects
FoundryServer: FoundryModel FoundryRules FoundryEffects FoundryReleases FoundryStore FoundryClient
FoundrySupervisor: CFoundryLinux FoundryModel FoundryRules FoundryEffects
FoundryCommandLine: FoundryModel FoundryEffects FoundryReleases FoundryClient FoundrySupervisor
foundry: CFoundryLinux FoundryModel FoundryRules FoundryEffects FoundryReleases FoundryStore FoundryClient FoundryRouter FoundryCell FoundryServer FoundrySupervisor FoundryCommandLine
'

check_layers() {
    files 'Sources/*.swift' | xargs -r grep -HnE '^[[:space:]]*(@[A-Za-z_()]+ +)*(public |package |internal |fileprivate |private )?import ' |
        awk -v table="$LAYERS" '
            BEGIN {
                lines = split(table, line, "\n")
                for (i = 1; i <= lines; i++) {
                    if (split(line[i], part, ":") < 2) continue
                    known[part[1]] = 1
                    words = split(part[2], word, " ")
                    for (j = 1; j <= words; j++) may[part[1], word[j]] = 1
                }
            }
            {
                split($0, place, ":")
                split(place[1], path, "/")
                target = path[2]
                text = $0
                sub(/^.*import +((struct|class|enum|protocol|func|var|let|typealias|actor) +)?/, "", text)
                split(text, name, /[. \t]/)
                module = name[1]
                at = place[1] ":" place[2] ": "
                if (!(target in known)) {
                    if (!(target in told)) print at "target " target " has no layer; name it in script/lib/lint-layers.sh"
                    told[target] = 1
                } else if (module in known && module != target && !((target, module) in may))
                    print at target " may not import " module "; move the code to a layer that may, or the shared part down"
                else if (target ~ /^Foundry(Model|Rules|Simulation)$/ && !(module in known))
                    print at target " is pure and imports nothing but our own values; " module " belongs into a shell"
            }'
}

# Time, randomness and concurrency are arguments or belong to the shells.
check_purity() {
    files 'Sources/FoundryModel/*.swift' 'Sources/FoundryRules/*.swift' 'Sources/FoundrySimulation/*.swift' | code_matching \
        '(^|[^A-Za-z_.])(async|await)([^A-Za-z_:]|$)|(^|[^A-Za-z])Date\(|(Continuous|Suspending)Clock|SystemRandomNumberGenerator|\.random\((in:[^,)]*)?\)|\.(shuffled|randomElement)\(\)|(^|[^A-Za-z])UUID\(\)|FileManager|(^|[^A-Za-z])Task[ .{]|(^|[^A-Za-z.])print\(' \
        'FoundryModel, FoundryRules and FoundrySimulation are pure; take time, randomness and results as arguments'
}

# Where unstructured tasks and clocks may be: one file of each target, and the clock of FoundryEffects.
check_tasks() {
    local target found
    for target in FoundryCell FoundryRouter FoundryReleases FoundryServer FoundryStore FoundryClient FoundrySupervisor FoundryCommandLine foundry foundry-sim; do
        found=$(files "Sources/$target/*.swift" | code_matching \
            '(^|[^A-Za-z.])Task( *\{|\.detached|\.sleep|\()|ContinuousClock|SuspendingClock|(^|[^A-Za-z])Date\(\)' \
            "$target has tasks or clocks in more than one file; gather them in one")
        [[ $(cut -d: -f1 <<<"$found" | sort -u | grep -c .) -le 1 ]] || printf '%s\n' "$found"
    done
}
