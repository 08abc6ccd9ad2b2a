# shellcheck shell=bash
# 8. A disk under a database: inside a volume, beside an ext4 on a loop device over the same kind of file, made by hand. Source
# this file after bench-platform.sh and bench-figures.sh.

# Seconds of each run of pgbench and fio.
BENCH_DISK_SECONDS=${FOUNDRY_BENCH_DISK_SECONDS:-6}

# measure_disk RUNS: pairs in turn, the first of a pair changing. The same PostgreSQL with the same settings in both places, each
# in a container of the same image; pgbench beside it in the container. fio on the file systems alone.
measure_disk() {
    local i ours=() hand=() ratios=() sync=() sync_hand=() sync_ratios=() bare=()
    _prepare_disk
    check_load
    for ((i = 1; i <= $1; i++)); do
        if ((i % 2)); then
            ours+=("$(_pgbench_ours)") hand+=("$(_pgbench_hand)")
            sync+=("$(_fio "$BENCH_VOLUME" _there)") sync_hand+=("$(_fio "$BENCH_HAND")")
        else
            hand+=("$(_pgbench_hand)") ours+=("$(_pgbench_ours)")
            sync_hand+=("$(_fio "$BENCH_HAND")") sync+=("$(_fio "$BENCH_VOLUME" _there)")
        fi
        bare+=("$(_fio "$BENCH_WORK")")
        ratios+=("$(ratio "${ours[-1]}" "${hand[-1]}")")
        sync_ratios+=("$(ratio "${sync[-1]}" "${sync_hand[-1]}")")
    done
    foundry delete disk --purge --force >/dev/null 2>&1
    bench_end_disk
    figure "pgbench (TPC-B, 8 clients) in a volume" "tps" - "${ours[@]}"
    figure "pgbench on ext4 on a loop file, by hand" "tps" - "${hand[@]}"
    figure "pgbench in a volume, as a multiple of by hand" "" ">0.95" "${ratios[@]}"
    figure "fio --fsync=1 in a volume" "writes/s" - "${sync[@]}"
    figure "fio --fsync=1 on ext4 on a loop file, by hand" "writes/s" - "${sync_hand[@]}"
    figure "fio --fsync=1 in a volume, as a multiple of by hand" "" ">0.95" "${sync_ratios[@]}"
    figure "fio --fsync=1 on the machine's own file system" "writes/s" - "${bare[@]}"
}

# In the mount namespace of the platform: there its volumes and its pool are.
_there() { nsenter --mount="$BENCH_RUN/mntns" "$@"; }

_prepare_disk() {
    local image=$BENCH_DATA/pool/by-hand/image bundle=$BENCH_WORK/postgres volume user group
    foundry push postgres disk --disk 1G --memory 1G >/dev/null 2>&1 || fail "PostgreSQL could not be pushed"
    volume=$(foundry app disk --output json | jq -r .volume.guid)
    BENCH_VOLUME=$BENCH_RUN/volumes/$volume
    # What the platform makes, made by hand: a file that is rewritten in place, wholly allocated, an ext4 in it.
    BENCH_HAND=$BENCH_WORK/by-hand
    mkdir "$BENCH_HAND"
    _there mkdir "${image%/*}"
    _there chattr +C "${image%/*}"
    _there fallocate --length 1G "$image"
    _there mkfs.ext4 -q -F -m 0 "$image"
    BENCH_LOOP=$(_there losetup --find --show --direct-io=on "$image")
    mount -o nosuid,nodev,noatime "$BENCH_LOOP" "$BENCH_HAND"

    prepare_bundle postgresql "$bundle"
    BENCH_POSTGRES=$bundle/rootfs
    user=$(awk -F : '$1 == "postgres" { print $3 }' "$BENCH_POSTGRES/etc/passwd")
    group=$(awk -F : '$1 == "postgres" { print $4 }' "$BENCH_POSTGRES/etc/passwd")
    mkdir "$BENCH_HAND/data"
    chown "$user:$group" "$BENCH_HAND/data"
    jq --arg data "$BENCH_HAND/data" --argjson user "$user" --argjson group "$group" '
        .process.user = { uid: $user, gid: $group } | .mounts += [
            { destination: "/var/lib/postgresql/data", type: "bind", source: $data, options: ["bind", "rw"] },
            { destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["mode=1777"] },
            { destination: "/run/postgresql", type: "tmpfs", source: "tmpfs", options: ["mode=1777"] } ]
        | .linux.resources.memory.limit = 1073741824' "$bundle/config.json" >"$bundle/config.new"
    mv "$bundle/config.new" "$bundle/config.json"
    runc --root "$BENCH_WORK/runc" run --detach --bundle "$bundle" "postgres-$BENCH_INSTANCE" </dev/null \
        >"$BENCH_WORK/postgres.log" 2>&1 || fail "runc: $(cat "$BENCH_WORK/postgres.log")"
    await 60 "PostgreSQL by hand" _in_hand psql --command 'select 1' postgres
    local place
    for place in _in_ours _in_hand; do
        "$place" createdb bench >/dev/null 2>&1 || fail "a database could not be made"
        "$place" pgbench --initialize --quiet --scale 10 bench >/dev/null 2>&1 || fail "pgbench could not begin"
    done
}

_in_ours() { foundry exec disk -- "$@"; }
_in_hand() { runc --root "$BENCH_WORK/runc" exec "postgres-$BENCH_INSTANCE" "$@" </dev/null >"$BENCH_WORK/hand.log" 2>&1; }

_pgbench_ours() { _in_ours "${PGBENCH[@]}" 2>/dev/null | _tps; }
_pgbench_hand() { _in_hand "${PGBENCH[@]}" && _tps <"$BENCH_WORK/hand.log"; }
PGBENCH=(pgbench --client 8 --jobs 2 --time "$BENCH_DISK_SECONDS" --no-vacuum bench)

_tps() { awk '/^tps = / { print $3; found = 1 } END { exit !found }' || fail "pgbench did not say how fast it was"; }

# _fio DIRECTORY [_there]: writes of 4 KiB at random, each synced, a second.
_fio() {
    "${2:-command}" fio --name=sync --filename="$1/bench.dat" --size=64M --rw=randwrite --bs=4k --ioengine=psync --fsync=1 \
        --runtime="$BENCH_DISK_SECONDS" --time_based --output-format=json 2>/dev/null | jq '.jobs[0].write.iops'
    "${2:-command}" rm "$1/bench.dat"
}

# What this measure leaves; also when it broke off.
bench_end_disk() {
    if [[ -n ${BENCH_POSTGRES:-} ]]; then
        runc --root "$BENCH_WORK/runc" delete --force "postgres-$BENCH_INSTANCE" 2>/dev/null || true
        umount "$BENCH_POSTGRES"
        BENCH_POSTGRES=
    fi
    if [[ -n ${BENCH_LOOP:-} ]]; then
        umount "$BENCH_HAND" || true
        _there losetup --detach "$BENCH_LOOP" || true
        _there rm -r "$BENCH_DATA/pool/by-hand"
        BENCH_LOOP=
    fi
}
