# shellcheck shell=bash
# Format of the code, syntax of the scripts, links of the docs. Source this file after lint.sh.

check_format() {
    { files 'Sources/*.swift' 'Tests/*.swift' && files 'Package.swift'; } |
        xargs -r -d '\n' swift format lint --strict --parallel 2>&1 |
        sed -E 's/: (error|warning): /: /; /^[^:]+:[0-9]+:/s/$/ (script\/lint --fix mends it)/'
}

fix_format() {
    { files 'Sources/*.swift' 'Tests/*.swift' && files 'Package.swift'; } |
        xargs -r -d '\n' swift format format --in-place --parallel
}

check_scripts() {
    local path shell
    while read -r path; do
        case $(head -n 1 "$path") in
        '#!/usr/bin/env bash' | '#!/bin/bash' | '# shellcheck shell=bash') shell="bash" ;;
        '#!/bin/sh' | '# Runs in the image'*) shell="sh" ;;
        *) continue ;;
        esac
        "$shell" -n "$path" 2>&1 | sed "s|^|$path:1: |; s|\$|; mend the syntax|"
        [[ $shell == sh || $path == script/lib/* ]] || grep -q '^set -euo pipefail$' "$path" ||
            echo "$path:1: a script starts with: set -euo pipefail"
        [[ $path != script/lib/* || $(stat -c %A "$path") != *x* ]] || echo "$path:1: is sourced, so: chmod -x"
    done < <(files 'script/*' '.ci/*' 'images/*')
}

# Links between our documents, and to files of ours.
check_links() {
    local path line link
    while read -r path; do
        while IFS=: read -r line link; do
            [[ -e $(dirname "$path")/$link ]] || echo "$path:$line: dead link $link; point it to a file that exists"
        done < <(awk '
            /^[ ]*```/ { code = !code }
            !code {
                text = $0
                while (match(text, /\]\([^)#: ]+/)) {
                    print NR ":" substr(text, RSTART + 2, RLENGTH - 2)
                    text = substr(text, RSTART + RLENGTH)
                }
            }' "$path" | grep -vE ':(https?|mailto)$')
    done < <(files '*.md')
}
