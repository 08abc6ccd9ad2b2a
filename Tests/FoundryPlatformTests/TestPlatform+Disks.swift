import Foundation
import FoundryEffects
import FoundryModel
import Testing

extension TestPlatform {
    /// The numbered records of a Redis app that would be there after a power cut at this moment: what lies in its volume's file, without what is in the
    /// memory of the file system in it.
    func afterPowerCut(of name: String) async throws -> Set<Int> {
        let volume = try #require(try await app(name).volumes.first?.guid)
        let pool = try paths().pool
        try await inside("btrfs", "subvolume", "snapshot", "\(pool)/volumes/\(volume)", "\(pool)/cut")
        let script = """
            mkdir /tmp/look-$$ && mount -o loop '\(pool)/cut/disk.img' /tmp/look-$$
            cat /tmp/look-$$/data/appendonlydir/*.aof; umount /tmp/look-$$; rmdir /tmp/look-$$
            """
        let found = try await run(
            "nsenter", "--mount=\(try paths().mountNamespace)", "unshare", "--mount", "sh", "-es", input: script)
        try await inside("btrfs", "subvolume", "delete", "\(pool)/cut")
        try #require(found.exitCode == 0, "\(found.errors)")
        return Set(
            found.output.split(separator: "\r\n").compactMap { line in
                line.hasPrefix("record:") ? Int(line.dropFirst("record:".count)) : nil
            })
    }

    /// The loop device of an app's volume: `loop3`.
    func device(of name: String) async throws -> String {
        let volume = try #require(try await app(name).volumes.first.flatMap { VolumeID($0.guid) })
        let source = try await inside("findmnt", "-no", "SOURCE", try paths().volumeMount(volume))
        return String(source.trimmingCharacters(in: .whitespacesAndNewlines).dropFirst("/dev/".count))
    }

    /// Flushes that a device was asked for since it was made.
    ///
    /// - Source: Documentation/block/stat.rst of the kernel: the sixteenth figure.
    func flushes(of device: String) throws -> Int {
        let text = try String(contentsOfFile: "/sys/block/\(device)/stat", encoding: .utf8)
        return try #require(text.split(whereSeparator: \.isWhitespace).dropFirst(15).first.flatMap { Int($0) })
    }
}
