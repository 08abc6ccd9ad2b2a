# shellcheck shell=bash
# When the bundled images have to be built anew. Source this file.

# Grows when the recipe changes in a way that the hashed files don't show.
IMAGE_RECIPE=1
IMAGE_SUITE=bookworm
IMAGES=(redis postgresql mariadb rabbitmq etcd)

# image_recipe NAME: the directory of a service: a bundled one's, or that of --service.
image_recipe() { echo "${FOUNDRY_IMAGE_SERVICE:-$FOUNDRY_ROOT/images/$1}"; }

# Everything that goes into the images, as one digest. Debian's own updates are not in it: `--force` fetches those.
image_inputs() {
    local sources=${FOUNDRY_APT_SOURCES:-}
    (
        cd "$FOUNDRY_ROOT" || exit
        echo "recipe $IMAGE_RECIPE $IMAGE_SUITE $(dpkg --print-architecture) ${IMAGES[*]}"
        find images script/images script/lib/image-*.sh -type f ! -name '*.md' -print0 | sort -z | xargs -0 sha256sum
        [[ -z $sources ]] || sha256sum <"$sources"
    ) | sha256sum | cut -d' ' -f1
}

# images_current DIR: whether DIR holds the images of these inputs, complete.
images_current() {
    local layout=$1 digest
    [[ -s $layout/index.json && -s $layout/oci-layout ]] || return 1
    [[ $(jq -r '.annotations["foundry.images.inputs"] // ""' "$layout/index.json" 2>/dev/null) == "$(image_inputs)" ]] ||
        return 1
    while read -r digest; do
        [[ -s $layout/blobs/sha256/$digest ]] || return 1
    done < <(image_blobs "$layout")
}

# image_blobs DIR: the digests that the index of DIR leads to.
image_blobs() {
    local blobs=$1/blobs/sha256 manifest
    for manifest in $(jq -r '.manifests[].digest | ltrimstr("sha256:")' "$1/index.json"); do
        echo "$manifest"
        jq -r '.config, .layers[] | .digest | ltrimstr("sha256:")' "$blobs/$manifest" 2>/dev/null || true
    done | sort -u
}
