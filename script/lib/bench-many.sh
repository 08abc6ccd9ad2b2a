# shellcheck shell=bash
# 10. Fifty pushes at once, beside fifty plain `runc run`. Source this file after bench-start.sh.

# measure_many RUNS MEMBERS: until all are healthy and routed; and until all processes run.
measure_many() {
    local run i begin pushed=() plain=() ratios=() members=$2
    prepare_bundle redis "$BENCH_WORK/bundle"
    BENCH_ROOTFS=$BENCH_WORK/bundle/rootfs
    check_load
    for ((run = 1; run <= $1; run++)); do
        begin=$(microseconds)
        for ((i = 1; i <= members; i++)); do foundry push redis "many-$i" --ephemeral --memory 32M --no-wait >/dev/null 2>&1 & done
        wait
        await 120 "$members healthy members" platform_is ".counts.healthy_members == $members and .router.serving == $members"
        pushed+=("$(since "$begin" 1000000)")
        for ((i = 1; i <= members; i++)); do foundry delete "many-$i" --purge --force >/dev/null 2>&1 & done
        wait
        await 120 "no member" platform_is ".counts.healthy_members == 0"

        begin=$(microseconds)
        for ((i = 1; i <= members; i++)); do
            runc --root "$BENCH_WORK/runc" run --detach --bundle "$BENCH_WORK/bundle" "many-$i-$BENCH_INSTANCE" \
                </dev/null >"$BENCH_WORK/runc-$i.log" 2>&1 &
        done
        wait
        plain+=("$(since "$begin" 1000000)")
        for ((i = 1; i <= members; i++)); do
            runc --root "$BENCH_WORK/runc" delete --force "many-$i-$BENCH_INSTANCE" || fail "runc: $(cat "$BENCH_WORK/runc-$i.log")"
        done
        ratios+=("$(ratio "${pushed[-1]}" "${plain[-1]}")")
    done
    umount "$BENCH_ROOTFS"
    BENCH_ROOTFS=
    figure "$members pushes at once, until all are healthy and routed" s - "${pushed[@]}"
    figure "$members plain \`runc run\` at once" s - "${plain[@]}"
    figure "$members pushes, as a multiple of \`runc run\`" "" - "${ratios[@]}"
}
