# shellcheck shell=bash
# Names, calls, sizes and secrets. Source this file after lint.sh.

check_names() {
    files 'Sources/*.swift' 'Tests/*.swift' | code_matching \
        '(struct|class|enum|actor|protocol|typealias) +[A-Za-z0-9]*(Manager|Helpers?|Utils?|Utility|Utilities|Common)([^A-Za-z0-9]|$)' \
        'a name says what a thing does; name it for its one subject'
    files 'Sources/*.swift' 'Tests/*.swift' | grep -E '(Manager|Helpers?|Utils?|Common)\.swift$' |
        sed 's/$/:1: name the file for the one type in it/'
}

check_calls() {
    files 'Sources/*.swift' | code_matching '(^|[^A-Za-z])try!|fatalError\("(not implemented|todo)' \
        'handle the error, or end with a message that says which invariant broke'
    # A `Process` of our own is fine; the one of Foundation comes with all of Foundation.
    files 'Sources/*.swift' | xargs -r -d '\n' grep -lE '^ *import Foundation$|Foundation\.Process' |
        code_matching '(^|[^A-Za-z.])Process\(\)|Foundation\.Process' 'run programs with Command of FoundryEffects'
}

check_unfinished() {
    files 'Sources/*' 'Tests/*' 'images/*' 'script/*' 'docs/*' '*.md' '.ci/*' | grep -v '^script/lib/lint-words\.sh$' |
        xargs -r -d '\n' grep -HnIwE 'TODO|FIXME|XXX|HACK' | cut -d: -f1,2 |
        sed 's/$/: finish it, or open an issue and take the mark out/'
}

check_sizes() {
    files '*.swift' '*.c' '*.h' 'script/*' 'images/*' | grep -v '\.md$' | xargs -r -d '\n' wc -l |
        awk '$2 != "total" && $1 > 400 { print $2 ":400: " $1 " lines; past 400 it is two subjects: split it" }'
}

check_secrets() {
    files '*' | grep -E '(^|/)(id_(rsa|dsa|ecdsa|ed25519)|\.env|\.pgpass|\.pg_service\.conf|token|credentials)$|\.(pem|key|p12|pfx|jks)$' |
        sed 's/$/:1: looks like a secret; take it out of the repository (make it when it is needed)/'
    files '*' | grep -v '^script/lib/lint-words\.sh$' | xargs -r -d '\n' grep -HnIE \
        -e '^[[:space:]"]*-----BEGIN ([A-Z]+ )*PRIVATE KEY-----[[:space:]]*$' -e '(^|[^A-Z0-9])AKIA[0-9A-Z]{16}([^A-Z0-9]|$)' \
        -e 'gh[pousr]_[A-Za-z0-9]{36}' -e 'xox[abp]-[0-9A-Za-z-]{20}' | cut -d: -f1,2 |
        sed 's/$/: looks like a secret; take it out of the repository, and change it where it is used/'
}
