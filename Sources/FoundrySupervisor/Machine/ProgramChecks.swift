import FoundryEffects
import FoundryModel

/// The programs that we build on.
enum ProgramChecks {
    struct Program: Sendable {
        var name: String
        var package: String
        var purpose: String
        var version: [String]
    }

    static let all = [
        Program(name: "runc", package: "runc", purpose: "runs members", version: ["--version"]),
        Program(name: "conmon", package: "conmon", purpose: "watches members", version: ["--version"]),
        Program(name: "haproxy", package: "haproxy", purpose: "leads routes to members", version: ["-v"]),
        Program(name: "nft", package: "nftables", purpose: "keeps members apart", version: ["--version"]),
        Program(name: "ip", package: "iproute2", purpose: "makes members' networks", version: ["-V"]),
        Program(name: "mkfs.btrfs", package: "btrfs-progs", purpose: "makes the pool", version: ["--version"]),
        Program(name: "mkfs.ext4", package: "e2fsprogs", purpose: "makes volumes", version: ["-V"]),
        Program(name: "losetup", package: "mount", purpose: "attaches volumes", version: ["--version"]),
        Program(name: "mount", package: "mount", purpose: "mounts volumes", version: ["--version"]),
        Program(
            name: "nsenter", package: "util-linux", purpose: "keeps the cell's mounts apart", version: ["--version"]),
        Program(
            name: "unshare", package: "util-linux", purpose: "keeps the cell's mounts apart", version: ["--version"]),
        Program(name: "skopeo", package: "skopeo", purpose: "fetches images", version: ["--version"]),
        Program(name: "tar", package: "tar", purpose: "unpacks images", version: ["--version"]),
        Program(name: "zstd", package: "zstd", purpose: "unpacks images", version: ["--version"]),
        Program(name: "openssl", package: "openssl", purpose: "makes certificates", version: ["version"]),
    ]

    /// - Parameter withVersions: asks each program, which takes a moment.
    static func findings(withVersions: Bool) async -> [Finding] {
        var findings: [Finding] = []
        for program in all {
            let path = ProgramPath.find(program.name)
            var found = path ?? "not installed"
            if withVersions, let path { found = await version(path, program.version) ?? path }
            findings.append(
                .necessary(
                    program.name, path != nil, found: found, consequence: "nothing \(program.purpose)",
                    remedy: "apt-get install \(program.package)"))
        }
        return findings
    }

    /// The first line with a digit in it, of either stream.
    private static func version(_ path: String, _ arguments: [String]) async -> String? {
        guard let output = try? await Command().result(path, arguments, limit: .seconds(5)) else { return nil }
        let lines = (output.standardOutput + "\n" + output.standardError).split(separator: "\n")
        return lines.first { $0.contains(where: \.isNumber) }.map { String($0.prefix(60)) }
    }
}
