import FoundryEffects
import FoundryModel
import Glibc

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Things that are tried for real, because asking does not tell. Each cleans up; those of the network live in a namespace that goes with them.
enum Trials {
    /// - Parameter directory: where the data directory is or will be: the answer depends on its file system.
    static func findings(directory: String, layout: CgroupLayout = .read()) async -> [Finding] {
        guard geteuid() == 0 else {
            return [
                Finding(
                    "trials", .degraded, found: "not tried", consequence: "they need root",
                    remedy: "sudo foundry doctor")
            ]
        }
        return [await loopDirectIO(directory), await btrfs(directory), await freezer(layout)] + (await network())
    }

    /// What `up` needs to know; nothing outside a network namespace of its own is touched.
    static func network() async -> [Finding] {
        let veth = await failure(
            "unshare", ["--net", "ip", "link", "add", "foundry0", "type", "veth", "peer", "name", "foundry1"])
        let nft = await failure(
            "unshare",
            [
                "--net", "nft",
                "add table inet foundry_trial; add chain inet foundry_trial c { type filter hook forward priority 0; }",
            ])
        return [
            .necessary(
                "veth", veth == nil, found: veth ?? "tried", consequence: "members cannot be reached",
                remedy: "modprobe veth"),
            .necessary(
                "nftables", nft == nil, found: nft ?? "tried", consequence: "members cannot be kept apart",
                remedy: "modprobe nf_tables"),
        ]
    }

    private static func loopDirectIO(_ directory: String) async -> Finding {
        let file = "\(directory)/.foundry-doctor-\(getpid())-loop"
        let (answer, problem) = await withFile(file, megabytes: 4) { () async throws(FoundryError) -> Bool in
            let device = try await Command().run("losetup", ["--show", "--direct-io=on", "--find", file]).trimmed
            let answer = ProcFile.line("/sys/block/\(device.split(separator: "/").last ?? "")/loop/dio") == "1"
            try await Command().run("losetup", ["--detach", device])
            return answer
        }
        guard let answer else {
            return Finding(
                "loop direct I/O", .missing, found: problem, consequence: "volumes cannot be attached",
                remedy: "modprobe loop", isNecessary: true)
        }
        return Finding(
            "loop direct I/O", answer ? .ok : .degraded, found: answer ? "tried" : "falls back to buffered",
            consequence: answer ? nil : "volumes are cached twice and are slower",
            remedy: answer ? nil : "put the data directory on ext4, xfs or btrfs")
    }

    private static func btrfs(_ directory: String) async -> Finding {
        let file = "\(directory)/.foundry-doctor-\(getpid())-btrfs"
        let (answer, problem) = await withFile(file, megabytes: 160) { () async throws(FoundryError) -> Bool in
            try await Command().run("mkfs.btrfs", ["--quiet", file])
            let script = #"mount -o loop "$0" /mnt && umount /mnt"#
            try await Command().run("unshare", ["--mount", "--propagation", "private", "sh", "-c", script, file])
            return true
        }
        return .necessary(
            "btrfs on a file", answer != nil, found: answer == nil ? problem : "tried",
            consequence: "there can be no pool", remedy: "modprobe btrfs")
    }

    private static func freezer(_ layout: CgroupLayout) async -> Finding {
        let base = layout.legacy["freezer"] ?? layout.unified?.path
        let problem: String? =
            if let base {
                await FreezerTrial(
                    group: "\(base)/foundry-doctor-\(getpid())", isLegacy: layout.legacy["freezer"] != nil
                ).run()
            } else { "no cgroups" }
        return Finding(
            "cgroup freezer", problem == nil ? .ok : .degraded, found: problem ?? "tried",
            consequence: problem == nil
                ? nil : "with several machines, guarded members cannot be held still before they are stopped")
    }

    /// - Returns: nil when it succeeds; its words when not.
    private static func failure(_ program: String, _ arguments: [String]) async -> String? {
        do throws(FoundryError) {
            try await Command().run(program, arguments, limit: .seconds(10))
            return nil
        } catch {
            return String((error.detail ?? error.message).prefix(120))
        }
    }

    private static func withFile<Result: Sendable>(
        _ path: String, megabytes: Int64, _ work: () async throws(FoundryError) -> Result
    ) async -> (Result?, String) {
        guard FileManager.default.createFile(atPath: path, contents: nil), truncate(path, Int(megabytes << 20)) == 0
        else { return (nil, "\(path) cannot be made") }
        defer { unlink(path) }
        do throws(FoundryError) { return (try await work(), "") } catch {
            return (nil, String((error.detail ?? error.message).prefix(120)))
        }
    }
}

extension String {
    var trimmed: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
