# shellcheck shell=bash
# A platform for measuring, with everything of its own in one directory. Source this file after progress.sh.

BENCH_WORK=
BENCH_UP=no

# bench_begin PROGRAM: starts it, from a copy, with the bundled images unpacked.
bench_begin() {
    BENCH_WORK=$(mktemp -d /var/tmp/foundry-bench-XXXXXX)
    BENCH_DATA=$BENCH_WORK/data BENCH_PROGRAM=$BENCH_WORK/foundry BENCH_LAYERS=/var/cache/foundry/layers
    cp "$1" "$BENCH_PROGRAM"
    export FOUNDRY_HOME=$BENCH_WORK/home PGSERVICEFILE=$BENCH_WORK/pg_service.conf
    unset FOUNDRY_KILL_POINTS
    mkdir "$FOUNDRY_HOME"
    # Bash has no sleep of its own; reading from a pipe that nobody writes to is one without a process.
    mkfifo "$BENCH_WORK/never"
    exec {BENCH_NEVER}<>"$BENCH_WORK/never"

    BENCH_UP=yes
    step --expect 3 "Platform" "$BENCH_PROGRAM" up --data "$BENCH_DATA" --pool-size "${FOUNDRY_BENCH_POOL_SIZE:-16G}" --layers "$BENCH_LAYERS"
    BENCH_INSTANCE=$(jq -r .instance "$BENCH_DATA/config.json")
    BENCH_RUN=/run/foundry/$BENCH_INSTANCE
    BENCH_API=https://127.0.0.1:$(jq .apiPort "$BENCH_DATA/config.json")
    (umask 077 && echo "authorization: Bearer $(cat "$BENCH_DATA/token")" >"$BENCH_WORK/header")
    step --expect 30 "Images unpacked" _unpack_images
}

foundry() { "$BENCH_PROGRAM" "$@" </dev/null; }

# The first push of an image unpacks its layers.
_unpack_images() {
    local image
    for image in redis postgres; do
        foundry push "$image" "warm-$image" --disk 256M --memory 256M --no-route
        foundry delete "warm-$image" --purge --force
    done
}

# Removes all of it, however the script ends.
bench_end() {
    local status=$?
    trap - EXIT
    trap '' INT TERM
    set +e
    # Whatever a program ended with: 2 is for what was missing before anything began.
    ((status == 0 || status > 128)) || status=1
    ((status == 0)) || say "    Cleaning up"
    local part
    for part in start disk route snapshot neighbour services; do
        if declare -F "bench_end_$part" >/dev/null; then "bench_end_$part"; fi
    done
    if [[ $BENCH_UP == yes ]]; then
        "$BENCH_PROGRAM" reset --yes --data "$BENCH_DATA" >"$BENCH_WORK/reset.log" 2>&1 || {
            say "error: the platform of this measurement could not be removed:"
            sed 's/^/    | /' "$BENCH_WORK/reset.log" >&2
            say "hint: $BENCH_PROGRAM reset --yes --data $BENCH_DATA"
            exit 1
        }
    fi
    [[ -z $BENCH_WORK ]] || rm -rf --one-file-system "$BENCH_WORK"
    exit "$status"
}

# prepare_bundle IMAGE DIRECTORY: the layers that the platform unpacked, as one tree, and what `runc spec` writes, with the
# image's program. Its root file system, DIRECTORY/rootfs, is the caller's to unmount.
prepare_bundle() {
    local blobs=/var/cache/foundry/images/blobs/sha256 bundle=$2 manifest config lower
    manifest=$blobs/$(jq -r --arg image "$1" '.manifests[] | select(.annotations["foundry.image.name"] == $image)
        | .digest | ltrimstr("sha256:")' /var/cache/foundry/images/index.json)
    config=$blobs/$(jq -r '.config.digest | ltrimstr("sha256:")' "$manifest")
    # overlayfs wants the topmost first.
    lower=$(jq -r --arg at "$BENCH_LAYERS" '[.rootfs.diff_ids[] | $at + "/" + ltrimstr("sha256:")] | reverse | join(":")' "$config")
    mkdir -p "$bundle"/{rootfs,upper,scratch}
    mount -t overlay foundry-bench "$bundle/rootfs" -o "lowerdir=$lower,upperdir=$bundle/upper,workdir=$bundle/scratch"
    (cd "$bundle" && runc spec)
    jq --slurpfile image "$config" '.process.terminal = false | .root.readonly = false
        | .process.args = $image[0].config.Entrypoint | .process.env = $image[0].config.Env
        | .process.cwd = $image[0].config.WorkingDir' "$bundle/config.json" >"$bundle/config.new"
    mv "$bundle/config.new" "$bundle/config.json"
}

# pause SECONDS: without a process.
pause() { read -r -t "$1" -u "$BENCH_NEVER" _ || true; }

# What the API says of the platform, as JSON; nothing while it is away.
platform_status() {
    curl --silent --max-time 5 --cacert "$BENCH_DATA/tls/ca.pem" --header "@$BENCH_WORK/header" \
        "$BENCH_API/foundry/v1/status" 2>/dev/null
}

# platform_is FILTER: whether that is true of the status.
platform_is() { platform_status | jq -e "$1" >/dev/null 2>&1; }

# await SECONDS WHAT COMMAND...: tries until COMMAND succeeds.
await() {
    local limit=$1 what=$2 begin
    shift 2
    begin=$(microseconds)
    until "$@"; do
        (($(microseconds) - begin < limit * 1000000)) || fail "$what did not happen within $limit s" "$BENCH_PROGRAM status --data $BENCH_DATA"
        pause 0.005
    done
}

# daemon NAME: its number.
daemon() {
    local pid
    read -r pid _ <"$BENCH_RUN/$1.pid" && echo "$pid"
}

# Process numbers and starts of all members: they differ when one was restarted.
member_processes() {
    local pid
    foundry apps --output json | jq -r '.resources[].members[].pid' | sort -n | while read -r pid; do
        echo "$pid $(sed 's/.*) //' "/proc/$pid/stat" | cut -d' ' -f20)"
    done
}

# push_members N: brings small Redis members up to that number.
push_members() {
    step --expect 10 "$1 members" _push_members "$1"
}

_push_members() {
    local i
    for ((i = 1; i <= $1; i++)); do
        foundry push redis "member-$i" --disk 16M --memory 64M --no-wait
    done
    await 60 "$1 healthy members" platform_is ".counts.healthy_members == $1 and .router.serving == $1"
}
