# shellcheck shell=bash
# What the checks of script/lint share. Source this file first.

# files PATTERN...: the files that are, or could be, in the repository, one per line.
files() {
    git -C "$FOUNDRY_ROOT" ls-files --cached --others --exclude-standard -- "$@" | while read -r path; do
        [[ ! -f $path ]] || echo "$path"
    done
}

# code_matching PATTERN ADVICE < FILES: lines of code, not of comment, that match; with place and advice.
code_matching() {
    xargs -r -d '\n' awk -v pattern="$(sed 's/\\/\\\\/g' <<<"$1")" -v advice="$2" '
        { code = $0; sub(/(^|[ \t])\/\/.*/, "", code) }
        code ~ pattern { sub(/^[ \t]+/, "", code); print FILENAME ":" FNR ": " code " -- " advice }'
}
