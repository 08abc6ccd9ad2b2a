import FoundryEffects

@testable import FoundryCell

/// Runs a shell command as a process of a control group, in every hierarchy that has it.
///
/// - Returns: its exit code.
func run(_ script: String, in group: String, _ cgroups: CgroupTree) async throws -> Int32 {
    let places = cgroups.directories(group).filter(HostFiles.exists)
    let joining = places.map { "echo $$ >'\($0)/cgroup.procs' && " }.joined()
    return try await Command().result("sh", ["-c", joining + script]).exitCode
}

/// Whether processes of a group may open a device that members have no business with.
func opensDevices(in group: String, _ cgroups: CgroupTree) async throws -> Bool {
    try await run("exec 3</dev/loop-control", in: group, cgroups) == 0
}
