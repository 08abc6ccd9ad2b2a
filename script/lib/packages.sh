# shellcheck shell=bash
# Debian packages: installs what is missing, and only that. Source this file after progress.sh.

POLICY=/usr/sbin/policy-rc.d
POLICY_SAVED=/usr/sbin/policy-rc.d.before-foundry

# read_packages FILE...: the names in package lists, one per line.
read_packages() { sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$@"; }

# missing_packages FILE...: those that are not installed. One dpkg-query, so it is quick when nothing is missing.
missing_packages() {
    comm -23 <(read_packages "$@" | sort -u) \
        <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null | awk '$2 == "installed" { print $1 }' | sort -u)
}

# While packages are installed, Debian starts what they bring (HAProxy, a registry). Ours are run by foundry, so a
# policy refuses exactly these; for every other service the policy that was there before decides.
_hold_services() {
    _release_services
    if [[ -e $POLICY ]]; then mv "$POLICY" "$POLICY_SAVED"; fi
    {
        echo '#!/bin/sh'
        echo '# foundry: while script/up installs packages'
        printf 'case "$1" in %s) exit 101 ;; esac\n' "$(printf '%s\n' "$@" | paste -sd'|')"
        printf '[ ! -x %s ] || exec %s "$@"\n' "$POLICY_SAVED" "$POLICY_SAVED"
    } >"$POLICY"
    chmod 0755 "$POLICY"
}

# Puts the policy back; also what a killed run left behind.
_release_services() {
    if grep -qs '^# foundry:' "$POLICY"; then rm -f "$POLICY"; fi
    if [[ -e $POLICY_SAVED ]]; then mv "$POLICY_SAVED" "$POLICY"; fi
}

# Runs in a subshell of its own (step does that), so the trap ends with it.
_install() {
    trap _release_services EXIT
    _hold_services "$@"
    export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l
    apt-get -q -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 update
    apt-get -q -y -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 install --no-install-recommends "$@"
    # Not at the next boot either. Only what was missing before: a service that the user has runs on.
    local package
    for package in "$@"; do
        if command -v systemctl >/dev/null && [[ -e /lib/systemd/system/$package.service ]]; then
            systemctl disable --quiet "$package.service" || true
        fi
    done
}

# install_packages FILE...: installs the missing ones of these lists.
install_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    if ((${#missing[@]} == 0)); then
        say "    Packages: all there"
        return 0
    fi
    step --expect 60 "Packages (${#missing[@]} missing)" _install "${missing[@]}"
}
