# shellcheck shell=bash
# Is everything there? Looks only, changes nothing. Source this file after progress.sh.

# What is missing, collected, so that a person sees all of it at once.
PROBLEMS=()
problem() { PROBLEMS+=("$1: $2"); }

# Ends the script with 2 when something is missing.
end_preflight() {
    ((${#PROBLEMS[@]} > 0)) || return 0
    local problem
    say "Nothing was changed. What is missing:"
    for problem in "${PROBLEMS[@]}"; do say "  - $problem"; done
    exit 2
}

check_root() {
    [[ $EUID -eq 0 ]] || problem "not root" "containers, mounts and networks need it; run: sudo $0"
}

check_debian() {
    command -v apt-get >/dev/null && command -v dpkg-query >/dev/null ||
        problem "no apt" "this installs Debian packages; use Debian 12, or install what script/packages.txt names by hand"
}

# A toolchain whose own libraries are missing counts as there: they are in packages.txt.
check_swift() {
    local version advice="install Swift 6.2 or newer from swift.org/install/linux and put its usr/bin into PATH (sudo keeps it with: sudo env \"PATH=\$PATH\" $0)"
    if ! command -v swift >/dev/null; then
        problem "no Swift" "$advice"
        return 0
    fi
    version=$(swift --version 2>&1) || true
    if [[ $version == *"error while loading shared libraries"* ]]; then return 0; fi
    if [[ ! $version =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]]; then
        problem "swift does not start (${version%%$'\n'*})" "$advice"
    elif ((BASH_REMATCH[1] * 100 + BASH_REMATCH[2] < 602)); then
        problem "Swift ${BASH_REMATCH[1]}.${BASH_REMATCH[2]} is too old" "$advice"
    fi
}

# kernel_has MODULE CONFIG: whether this kernel has it built in or can load it. Unknown counts as yes: foundry doctor
# looks closer once it is installed.
kernel_has() {
    local module=$1 option=$2 config
    if grep -qsw "$module" /proc/filesystems || [[ -d /sys/module/$module ]]; then return 0; fi
    if command -v modprobe >/dev/null && modprobe -n -q "$module" 2>/dev/null; then return 0; fi
    for config in /proc/config.gz "/boot/config-$(uname -r)"; do
        [[ ! -e $config ]] || { zgrep -q "^$option=y" "$config" && return 0 || return 1; }
    done
}

check_kernel() {
    local row module option purpose
    for row in 'overlay CONFIG_OVERLAY_FS images' 'btrfs CONFIG_BTRFS_FS volumes' 'loop CONFIG_BLK_DEV_LOOP volumes' \
        'nf_tables CONFIG_NF_TABLES keeping members apart' 'veth CONFIG_VETH member networks'; do
        read -r module option purpose <<<"$row"
        kernel_has "$module" "$option" ||
            problem "the kernel has no $module" "it is needed for $purpose; use a kernel with $option, such as Debian's linux-image-amd64"
    done
}

# _filesystem PATH: the mount point and the free MiB of the file system that PATH lies on, or will.
_filesystem() {
    local path=$1
    until [[ -e $path ]]; do path=$(dirname "$path"); done
    df --output=target,avail --block-size=1M "$path" | tail -n 1
}

_used() { if [[ -e $1 ]]; then { du -sm "$1" 2>/dev/null || true; } | cut -f1; else echo 0; fi; }

# check_disk PATH=MIB...: room for these, what lies there already taken off; paths on one file system add up.
check_disk() {
    local -A need=() free=() paths=()
    local row path megabytes mount available missing
    for row in "$@"; do
        path=${row%=*} megabytes=${row##*=}
        read -r mount available < <(_filesystem "$path")
        missing=$((megabytes - $(_used "$path")))
        ((missing > 0)) || continue
        need[$mount]=$((${need[$mount]:-0} + missing))
        free[$mount]=$available
        paths[$mount]+=" $path"
    done
    for mount in "${!need[@]}"; do
        ((need[$mount] <= free[$mount])) ||
            problem "$mount has ${free[$mount]} MB free, ${need[$mount]} are needed for${paths[$mount]}" \
                "free some, or keep the data elsewhere with --data DIR"
    done
}

# Ports on which something listens, one per line. From /proc, because ss may not be installed yet.
listening_ports() {
    local local_address state
    while read -r _ local_address _ state _; do
        [[ $state != 0A ]] || echo $((16#${local_address##*:}))
    done < <(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
}

# check_ports PORT...: that nobody listens there.
check_ports() {
    local port taken
    taken=$(listening_ports | sort -un)
    for port in "$@"; do
        ! grep -qx "$port" <<<"$taken" ||
            problem "port $port is taken" "stop what listens there (ss -ltnp 'sport = :$port' tells which), then try again"
    done
}
