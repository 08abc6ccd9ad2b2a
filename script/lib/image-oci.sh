# shellcheck shell=bash
# Writes OCI image layouts: blobs, configuration, manifests, index. Source this file.

# add_blob LAYOUT FILE: moves FILE into the layout and prints its digest and size.
add_blob() {
    local digest size
    digest=$(sha256sum "$2" | cut -d' ' -f1)
    size=$(stat -c %s "$2")
    mv "$2" "$1/blobs/sha256/$digest"
    chmod 0644 "$1/blobs/sha256/$digest"
    echo "$digest $size"
}

# add_layer WORK TREE: packs TREE as a layer of WORK/layout and prints a JSON object: mediaType, digest, size, diffId.
add_layer() {
    local work=$1 tree=$2 layout=$1/layout digest size diff
    # What tar prints is the same for the same tree: sorted, no names of owners, no time after the package lists'.
    tar --create --directory "$tree" --sort=name --numeric-owner --format=gnu --one-file-system \
        --mtime="@$(cat "$work/epoch")" --clamp-mtime . | zstd -q -T0 -10 -o "$work/layer.tar.zst"
    diff=$(zstd -dc "$work/layer.tar.zst" | sha256sum | cut -d' ' -f1)
    read -r digest size < <(add_blob "$layout" "$work/layer.tar.zst")
    jq -n -c --arg digest "sha256:$digest" --argjson size "$size" --arg diff "sha256:$diff" '{
        mediaType: "application/vnd.oci.image.layer.v1.tar+zstd", digest: $digest, size: $size, diffId: $diff }'
}

# upstream_version VERSION: 5:7.0.15-1~deb12u10 -> 7.0.15
upstream_version() {
    local version=${1#*:}
    echo "${version%-*}"
}

# add_image WORK NAME BASE_LAYER LAYER: adds configuration and manifest, and prints the image's entry of the index.
add_image() {
    local work=$1 name=$2 base=$3 layer=$4 layout=$1/layout recipe version created config manifest
    recipe=$(image_recipe "$name")/image.json
    version=$(upstream_version "$(cat "$work/$name/version")")
    created=$(date --utc -d "@$(cat "$work/epoch")" +%Y-%m-%dT%H:%M:%SZ)

    jq -c --arg arch "$(dpkg --print-architecture)" --arg created "$created" --arg version "$version" --arg name "$name" \
        --argjson base "$base" --argjson layer "$layer" '{
            created: $created, architecture: $arch, os: "linux",
            config: (.config + { Labels: {
                "org.opencontainers.image.title": (.engine // $name),
                "org.opencontainers.image.version": $version,
                "org.opencontainers.image.description": (.description // $name) } }),
            rootfs: { type: "layers", diff_ids: [$base.diffId, $layer.diffId] },
            history: [
                { created: $created, created_by: "debian" },
                { created: $created, created_by: $name }]
        }' "$recipe" >"$work/config.json"
    read -r -a config < <(add_blob "$layout" "$work/config.json")

    jq -n -c --arg digest "sha256:${config[0]}" --argjson size "${config[1]}" --argjson base "$base" \
        --argjson layer "$layer" '{
            schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
            config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: $digest, size: $size },
            layers: [$base, $layer] | map(del(.diffId))
        }' >"$work/manifest.json"
    read -r -a manifest < <(add_blob "$layout" "$work/manifest.json")

    jq -n -c --arg digest "sha256:${manifest[0]}" --argjson size "${manifest[1]}" --arg version "$version" \
        --arg arch "$(dpkg --print-architecture)" --arg name "$name" \
        --arg engine "$(jq -r --arg name "$name" '.engine // $name' "$recipe")" --argjson numbers "$(jq '.tagNumbers // 1' "$recipe")" '{
            mediaType: "application/vnd.oci.image.manifest.v1+json", digest: $digest, size: $size,
            platform: { architecture: $arch, os: "linux" },
            annotations: {
                "org.opencontainers.image.ref.name": "\($name):\($version | split(".")[:$numbers] | join("."))",
                "org.opencontainers.image.title": $engine,
                "org.opencontainers.image.version": $version,
                "foundry.image.name": $name }
        }'
}

# publish_layout WORK OUTPUT INPUTS ENTRY...: makes OUTPUT hold exactly these images.
# Blobs are named for their content, so the one rename of index.json is the whole switch. Older blobs go afterwards.
publish_layout() {
    local work=$1 output=$2 inputs=$3 blob keep
    shift 3
    mkdir -p "$output/blobs/sha256"
    printf '%s\n' "$@" | jq -s --arg inputs "$inputs" '{
        schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: .,
        annotations: { "foundry.images.inputs": $inputs } }' >"$work/index.json"
    echo '{"imageLayoutVersion":"1.0.0"}' >"$work/oci-layout"

    mv "$work"/layout/blobs/sha256/* "$output/blobs/sha256/"
    mv "$work/oci-layout" "$output/oci-layout"
    sync --file-system "$output"
    mv "$work/index.json" "$output/index.json"
    sync --file-system "$output"

    keep=$(image_blobs "$output")
    for blob in "$output"/blobs/sha256/*; do
        grep -qx "${blob##*/}" <<<"$keep" || rm -f "$blob"
    done
}
