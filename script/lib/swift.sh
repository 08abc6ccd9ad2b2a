# shellcheck shell=bash
# Building. Source this file after progress.sh.

# After a crash the backtracer can hang with our pipe open.
export SWIFT_BACKTRACE=enable=no

# build_foundry debug|release: the debug build lies in SwiftPM's own directory, where script/test builds on it; the
# release build, with the Swift library in it, in another, because switching would compile everything anew.
build_foundry() {
    case $1 in
    debug) step --expect 420 "Build (debug)" swift build --product foundry ;;
    release) step --expect 840 "Build (release)" swift build --product foundry "${RELEASE_OPTIONS[@]}" ;;
    esac
}

RELEASE_OPTIONS=(--configuration release --static-swift-stdlib --scratch-path .build-release)

# built_foundry debug|release: the program that build_foundry made.
built_foundry() {
    case $1 in
    debug) echo "$FOUNDRY_ROOT/.build/debug/foundry" ;;
    release) echo "$FOUNDRY_ROOT/.build-release/release/foundry" ;;
    esac
}

# install_foundry PROGRAM: a copy, so that building again or moving the checkout pulls nothing from under the daemons.
# Sets INSTALLED to yes when the installed program changed.
INSTALLED=no
FOUNDRY_PROGRAM=/usr/local/bin/foundry
install_foundry() {
    if cmp -s "$1" "$FOUNDRY_PROGRAM"; then return 0; fi
    install -D -m 0755 "$1" "$FOUNDRY_PROGRAM.new"
    mv -T "$FOUNDRY_PROGRAM.new" "$FOUNDRY_PROGRAM"
    INSTALLED=yes
    say "    Installed $FOUNDRY_PROGRAM"
}
