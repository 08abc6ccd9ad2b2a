# shellcheck shell=bash
# A package of the pure targets and their tests alone: it depends on nothing, so it builds in a minute where the whole
# takes ten. Source this file after progress.sh.

# The targets that it can have, those below first; FoundrySimulation and its tests only once they have sources.
LIGHT_SOURCES=(FoundryModel FoundryRules FoundrySimulation)
LIGHT_TESTS=(FoundryModelTests FoundryRulesTests FoundrySimulationTests)

_has_swift() { compgen -G "$1/*.swift" >/dev/null || compgen -G "$1/*/*.swift" >/dev/null; }

# light_package DIRECTORY: writes the package's manifest and links its sources. A target that the directory has already
# as a folder of its own stays as it is. LIGHT_EXTRA: targets to be added; LIGHT_BELOW: what all depend on.
light_package() {
    local directory=$1 target targets='' below=${LIGHT_BELOW:-}
    mkdir -p "$directory/Sources"
    ln -sfn "$FOUNDRY_ROOT/Tests" "$directory/Tests"
    for target in "${LIGHT_SOURCES[@]}"; do
        [[ -d $directory/Sources/$target && ! -L $directory/Sources/$target ]] ||
            ln -sfn "$FOUNDRY_ROOT/Sources/$target" "$directory/Sources/$target"
        _has_swift "$directory/Sources/$target" || continue
        targets+="  .target(name: \"$target\", dependencies: [${below%, }]),"$'\n'
        below+="\"$target\", "
    done
    targets+='  .target(name: "FoundryTestSupport", dependencies: ["FoundryModel"], path: "Tests/FoundryTestSupport"),'$'\n'
    for target in "${LIGHT_TESTS[@]}"; do
        _has_swift "Tests/$target" || continue
        targets+="  .testTarget(name: \"$target\", dependencies: [$below\"FoundryTestSupport\"]${LIGHT_TEST_SETTINGS:-}),"$'\n'
    done
    _write_if_changed "$directory/Package.swift" <<MANIFEST
// swift-tools-version: 6.2
import PackageDescription
let package = Package(name: "light", targets: [
${LIGHT_EXTRA:-}$targets], swiftLanguageModes: [.v6])
MANIFEST
}

# So that a build which has nothing to do sees that.
_write_if_changed() {
    local text
    text=$(cat)
    [[ -f $1 && $(<"$1") == "$text" ]] || printf '%s\n' "$text" >"$1"
}
