# shellcheck shell=bash
# A service's layer: what installing it changes in the base. Source this file after image-base.sh.
# Runs in a mount namespace of its own (script/images makes it), so that nothing stays mounted, whatever happens.

_mount_root() {
    local root=$1 work=$2 node
    mount -t proc proc "$root/proc"
    mount -t tmpfs -o mode=0755 tmpfs "$root/dev"
    for node in null:3 zero:5 full:7 random:8 urandom:9; do
        mknod -m 0666 "$root/dev/${node%:*}" c 1 "${node#*:}"
    done
    ln -s /proc/self/fd "$root/dev/fd"
    mount --bind "$work/lists" "$root/var/lib/apt/lists"
    mount --bind "$work/archives" "$root/var/cache/apt"
    mount --bind "$(readlink -f /etc/resolv.conf)" "$root/etc/resolv.conf"
}

_in_root() {
    local root=$1
    shift
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
        DEBIAN_FRONTEND=noninteractive ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} \
        chroot "$root" "$@"
}

# Modes as they should be, not as the umask of the checkout left them.
_copy_files() {
    local path mode
    while IFS= read -r path; do
        mode=0644
        [[ ! -x $1/$path ]] || mode=0755
        install -D -m "$mode" "$1/$path" "$2/$path"
    done < <(cd "$1" && find . -type f)
}

# make_layer WORK NAME: fills WORK/NAME/upper with the layer and WORK/NAME/version with the version of its main package.
make_layer() {
    local work=$1 name=$2 dir=$1/$2 root=$1/$2/root recipe packages
    recipe=$(image_recipe "$name")
    mkdir -p "$dir"/{upper,scratch,root}
    mapfile -t packages < <(read_packages "$recipe/packages.txt")
    # No redirects and no metadata-only copies: the upper directory alone must tell the whole difference.
    mount -t overlay "foundry-image-$name" "$root" \
        -o "lowerdir=$work/base,upperdir=$dir/upper,workdir=$dir/scratch,redirect_dir=off,metacopy=off"
    _mount_root "$root" "$work"

    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 0755 "$root/usr/sbin/policy-rc.d"
    [[ ! -e $recipe/prepare.sh ]] || _in_root "$root" /bin/sh -eu -s <"$recipe/prepare.sh"
    _in_root "$root" apt-get -q -y -o Dpkg::Options::=--force-unsafe-io install --no-install-recommends "${packages[@]}"
    _in_root "$root" dpkg-query -W -f '${Version}' "$(jq -r .versionPackage "$recipe/image.json")" >"$dir/version"
    [[ ! -e $recipe/trim.sh ]] || _in_root "$root" /bin/sh -eu -s <"$recipe/trim.sh"
    [[ ! -e $recipe/rootfs ]] || _copy_files "$recipe/rootfs" "$root"
    rm -f "$root/usr/sbin/policy-rc.d"
    umount -R "$root"

    clean_tree "$dir/upper"
    rm -rf "$dir/upper/var/cache/debconf" # answers in an order of their own; the base has its copy
    fix_times "$dir/upper" "$work"
    overlay_to_oci "$work/base" "$dir/upper"
}

# overlay_to_oci BASE UPPER: turns overlayfs' marks of removal into those of OCI layers.
overlay_to_oci() {
    local base=$1 upper=$2 path
    while IFS= read -r path; do
        rm "$path"
        : >"${path%/*}/.wh.${path##*/}"
    done < <(find "$upper" -type c -exec stat -c '%t:%T %n' {} + | sed -n 's/^0:0 //p')
    # overlayfs marks every directory that it made; a mark means something only where the base has one there too.
    while IFS= read -r path; do
        [[ ! -d $base/${path#"$upper"/} ]] || : >"$path/.wh..wh..opq"
    done < <(getfattr -R -P --absolute-names -n trusted.overlay.opaque "$upper" 2>/dev/null | sed -n 's/^# file: //p')
}
