import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryCell

@Suite("Control groups", .serialized, .enabled(if: isRoot, "needs root"))
struct GroupTests {
    @Test(
        "hand down what members are limited in, whatever the root did by itself; with version 1 there is nothing to hand down"
    )
    func handedDown() async throws {
        try await RuntimeGround.run { ground in
            let cgroups = try CgroupTree()
            // Before there is any container: a volume's class is set first.
            for group in [ground.paths.cgroup, ground.paths.guardedCgroup] where cgroups.version == .v2 {
                let handed = (cgroups.read(group, "", "cgroup.subtree_control") ?? "").split(
                    whereSeparator: \.isWhitespace)
                #expect(Set(handed).isSuperset(of: ["cpu", "io", "memory", "pids"]), "\(group): \(handed)")
            }
            if cgroups.version == .v2 {
                // As systemd does when no unit of its own needs it.
                #expect(throws: FoundryError.self) {
                    try cgroups.write("-io", "", CgroupTree.unified, "cgroup.subtree_control")
                }
            }
            let limits = DeviceLimits(cgroups: cgroups, group: ground.paths.cgroup)
            let file = "\(ground.paths.data)/file"
            try HostFiles.makeDirectory(ground.paths.data)
            try await Command().run("truncate", ["-s", "1M", file])
            let device = try await Command().run("losetup", ["--show", "--find", file]).filter { !$0.isWhitespace }
            do {
                let number = try #require(ProcFile.line("/sys/block/\(device.split(separator: "/").last ?? "")/dev"))
                try limits.set(number, .low)
                #expect(limits.read(number) == .low)
                try limits.set(number, .max)
                #expect(limits.read(number) == .max)
            } catch {
                try await Command().run("losetup", ["--detach", device])
                throw error
            }
            try await Command().run("losetup", ["--detach", device])
        }
    }
}
