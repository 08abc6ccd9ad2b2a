# shellcheck shell=bash
# Which regions the tests reached. Source this file after progress.sh and preflight.sh.

# The toolchain's own: another version cannot read its profiles.
_beside_swift() { dirname "$(realpath "$(command -v swift)")"; }

check_coverage_tools() {
    local tool
    for tool in llvm-cov llvm-profdata; do
        [[ -x $(_beside_swift)/$tool ]] || problem "no $tool beside swift" "install a whole toolchain from swift.org"
    done
}

check_tool() { command -v "$1" >/dev/null || problem "no $1" "apt-get install $1"; }

_bundle() { echo "$1"/.build/debug/*.xctest; }

# run_covered_tests PACKAGE [--filter PATTERN]: leaves tests.profdata.
run_covered_tests() {
    local work=$1
    shift
    rm -f "$work"/*.profraw
    local status=0
    LLVM_PROFILE_FILE=$work/tests.%p.profraw timeout 900 "$(_bundle "$work")" --testing-library swift-testing "$@" || status=$?
    "$(_beside_swift)/llvm-profdata" merge -sparse "$work"/tests.*.profraw -o "$work/tests.profdata"
    return "$status"
}

# covered_regions PACKAGE PART: each region of the pure targets once, however often it was compiled:
# file, first line, last line, times reached.
covered_regions() {
    "$(_beside_swift)/llvm-cov" export -format=text -skip-expansions -instr-profile "$1/tests.profdata" "$(_bundle "$1")" |
        jq -r --arg part "$2" '
            .data[0].functions[]
            | (.filenames[0] | capture("/Sources/(?<path>Foundry(Model|Rules)/.*)").path // empty) as $path
            | select($path | contains($part))
            | .regions[] | select(.[7] == 0)
            | [$path, .[0], .[1], .[2], .[3], .[4]] | @tsv' |
        awk -F '\t' -v OFS='\t' '
            { key = $1 OFS $2 OFS $3 OFS $4 OFS $5; if (!(key in times) || $6 + 0 > times[key]) times[key] = $6 + 0 }
            END { for (key in times) print key, times[key] }' |
        sort -t $'\t' -k1,1 -k2,2n -k3,3n
}

# compare_with_list REGIONS LIST ALL PART: prints what was missed and not listed, what is listed and was covered, and
# the count. A line of the list is `file: words of the missed code: reason`.
compare_with_list() {
    awk -F '\t' -v list="$2" -v all="$3" -v part="$4" '
        function source(path,  line, n) {
            if (path in read) return
            read[path] = 1
            while ((getline line < ("Sources/" path)) > 0) text[path, ++n] = line
        }
        function trimmed(line) { sub(/^[ \t]+/, "", line); return line }
        BEGIN {
            while ((getline line < list) > 0) {
                number++
                if (line ~ /^#/ || line ~ /^[ \t]*$/) continue
                at = index(line, ": ")
                rest = substr(line, at + 2)
                # The reason is what follows the last colon that has words on both sides.
                if (!at || !match(rest, /: [^:]*$/)) {
                    print list ":" number ": a line is file: words of the code: why it cannot be reached"
                    bad++
                    continue
                }
                file = substr(line, 1, at - 1)
                if (index(file, part) == 0) continue
                listed++
                files[listed] = file
                words[listed] = substr(rest, 1, RSTART - 1)
                places[listed] = list ":" number
            }
        }
        {
            regions++
            sum[$1]++
            if (!($1 in order)) { order[$1] = ++last; names[last] = $1 }
            if ($6 > 0) { covered++; next }
            source($1)
            # The wrong variant of a planted bug: script/planted-bugs reaches it.
            if (text[$1, $2] ~ /Planted\.has/) { planted++; next }
            known = 0
            for (i = 1; i <= listed && !known; i++) {
                if (files[i] != $1) continue
                for (line = $2; line <= $4 && !known; line++) if (index(text[$1, line], words[i])) known = i
            }
            if (known) { if (!used[known]++) traps++; next }
            missed[$1]++
            report[$1] = report[$1] "  Sources/" $1 ":" $2 ":" $3 ": " trimmed(text[$1, $2]) "\n"
        }
        END {
            for (i = 1; i <= last; i++) {
                name = names[i]
                if (missed[name]) { printf "%s: %d of %d missed\n%s", name, missed[name], sum[name], report[name]; bad += missed[name] }
                else if (all == "yes") printf "%s: all of %d\n", name, sum[name]
            }
            for (i = 1; i <= listed; i++) if (!used[i]) {
                print places[i] ": listed as unreachable, and it is covered or gone; take the line out"
                bad++
            }
            if (!regions) { print "no region was measured"; bad++ }
            printf "coverage: %d of %d regions; %d listed traps\n", covered, regions - planted, traps
            exit bad > 0
        }' "$1"
}
