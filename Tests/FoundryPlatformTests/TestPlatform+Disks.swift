import Foundation
import FoundryEffects
import FoundryModel
import Testing

extension TestPlatform {
    /// The numbered records of a Redis app that would be there after a power cut at this moment.
    func afterPowerCut(of name: String) async throws -> Set<Int> {
        let volume = try #require(try await app(name).volumes.first?.guid)
        let found = try await afterPowerCut(ofVolume: volume, "cat data/appendonlydir/*.aof")
        return Set(
            found.split(separator: "\r\n").compactMap { line in
                line.hasPrefix("record:") ? Int(line.dropFirst("record:".count)) : nil
            })
    }

    /// What lies in a volume's file, without what is in the memory of the file system in it.
    ///
    /// - Parameter look: a line of shell, in the volume's directory.
    /// - Returns: what it prints.
    func afterPowerCut(ofVolume volume: String, _ look: String) async throws -> String {
        let pool = try paths().pool
        try await inside("btrfs", "subvolume", "snapshot", "\(pool)/volumes/\(volume)", "\(pool)/cut")
        let script = """
            mkdir /tmp/look-$$ && mount -o loop '\(pool)/cut/disk.img' /tmp/look-$$
            (cd /tmp/look-$$ && \(look)); umount /tmp/look-$$; rmdir /tmp/look-$$
            """
        let found = try await run(
            "nsenter", "--mount=\(try paths().mountNamespace)", "unshare", "--mount", "sh", "-es", input: script)
        try await inside("btrfs", "subvolume", "delete", "\(pool)/cut")
        try #require(found.exitCode == 0, "\(found.errors)")
        return found.output
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
