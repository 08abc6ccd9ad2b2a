# shellcheck shell=bash
# The simulator, built from the pure targets alone, with optimisation. Source this file after progress.sh and
# light-package.sh.

SIMULATION=$FOUNDRY_ROOT/.build/simulation

# Leaves in a program that can plant bugs, and in no other.
PLANTED_MARK=12FoundryRules7PlantedO6active

# build_simulator planted|plain: `planted` can plant bugs, and is otherwise the same; `plain` is for measurements. This is
# the only place that sets FOUNDRY_PLANTED.
build_simulator() {
    local LIGHT_TESTS=() LIGHT_EXTRA options=()
    LIGHT_EXTRA='  .executableTarget(name: "foundry-sim", dependencies: ["FoundryModel", "FoundryRules", "FoundrySimulation"]),'$'\n'
    mkdir -p "$SIMULATION/Sources"
    ln -sfn "$FOUNDRY_ROOT/Sources/foundry-sim" "$SIMULATION/Sources/foundry-sim"
    light_package "$SIMULATION"
    [[ $1 == plain ]] || options=(-Xswiftc -DFOUNDRY_PLANTED)
    step --expect 180 "Build (simulation, $1)" swift build --configuration release --package-path "$SIMULATION" \
        --scratch-path "$SIMULATION/.build-$1" --product foundry-sim "${options[@]}"
}

# simulator planted|plain: the program that build_simulator made.
simulator() { echo "$SIMULATION/.build-$1/release/foundry-sim"; }

# first_seed: of this commit, so that the same commit tries the same seeds; without git, of this day.
first_seed() {
    local hash
    hash=$(git -C "$FOUNDRY_ROOT" rev-parse --verify --quiet HEAD 2>/dev/null) && echo $((16#${hash:0:8})) || date --utc +%Y%m%d
}

# can_plant PROGRAM: whether bugs can be planted in it.
can_plant() { grep -qaF "$PLANTED_MARK" "$1"; }
