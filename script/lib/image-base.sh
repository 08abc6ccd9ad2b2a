# shellcheck shell=bash
# The Debian base that every bundled image stands on. Source this file after image-inputs.sh.

# make_base WORK: fills WORK/base with a small Debian, and WORK/lists with apt's package lists: the layers install
# from the very lists that the base came from.
make_base() {
    local work=$1 base=$1/base options=() line
    while read -r line; do
        [[ $line == path-* ]] && options+=("--dpkgopt=$line")
    done <"$FOUNDRY_ROOT/images/debian/dpkg.cfg"

    # The hook installs usr-is-merged in place of usrmerge, which would bring all of perl along.
    mmdebstrap --mode=root --variant=minbase --skip=cleanup/apt --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
        --dpkgopt=force-unsafe-io "${options[@]}" "$IMAGE_SUITE" "$base" ${FOUNDRY_APT_SOURCES:+"$FOUNDRY_APT_SOURCES"}

    mv "$base/var/lib/apt/lists" "$work/lists"
    mkdir -p "$base/var/lib/apt/lists" "$work/archives"
    cp "$FOUNDRY_ROOT/images/debian/dpkg.cfg" "$base/etc/dpkg/dpkg.cfg.d/foundry"
    rm -f "$base/etc/dpkg/dpkg.cfg.d/99mmdebstrap" "$base/etc/apt/apt.conf.d/99mmdebstrap"
    # The cell mounts its own over these three.
    rm -f "$base/etc/resolv.conf" "$base/etc/hostname" "$base/etc/hosts"
    touch "$base/etc/resolv.conf" "$base/etc/hostname"
    printf '127.0.0.1 localhost\n::1 localhost\n' >"$base/etc/hosts"
    rm -rf "${base:?}"/dev/* "${base:?}"/boot/* "$base"/usr/share/{man,info,locale}/*
    clean_tree "$base"
    image_epoch "$work/lists" >"$work/epoch"
    fix_times "$base" "$work"
}

# image_epoch LISTS: the time all files of the images are given at most: that of the newest package list.
image_epoch() {
    local release
    for release in "$1"/*_InRelease; do
        date --utc +%s -d "$(sed -n 's/^Date: //p' "$release" | head -n 1)"
    done | sort -n | tail -n 1
}

# clean_tree DIR: removes what differs from build to build or is of no use in an image.
clean_tree() {
    local tree=$1
    rm -rf "$tree"/var/cache/apt/* "$tree"/var/lib/apt/lists/* "$tree"/tmp/* "$tree"/var/tmp/* "$tree"/run/* \
        "$tree"/var/log/* "$tree"/var/cache/debconf/*-old "$tree"/var/cache/ldconfig/aux-cache \
        "$tree"/var/lib/dpkg/*-old "$tree"/etc/{passwd,group,shadow,gshadow,subuid,subgid}- "$tree"/etc/machine-id \
        "$tree"/etc/.pwd.lock "$tree"/root/.{bash_history,wget-hsts}
}

# fix_times DIR WORK: the days of last password change are the build's day otherwise.
fix_times() {
    local shadow=$1/etc/shadow day
    [[ -e $shadow ]] || return 0
    day=$(($(cat "$2/epoch") / 86400))
    awk -F: -v OFS=: -v day="$day" '{ $3 = day; print }' "$shadow" >"$shadow.new"
    chown --reference="$shadow" "$shadow.new"
    chmod --reference="$shadow" "$shadow.new"
    mv "$shadow.new" "$shadow"
}
