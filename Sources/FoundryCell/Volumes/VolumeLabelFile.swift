import FoundryEffects
import FoundryModel
import FoundryRules
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A volume's label as a file: one beside the data, one inside.
enum VolumeLabelFile {
    private static let sizeLimit = 64 << 10
    private struct Versioned: Decodable { var version: Int }

    /// Never fails: what cannot be read is said to be unreadable, and why.
    static func read(_ path: String) -> LabelReading {
        let bytes: Data
        do {
            let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec, .noFollow])
            bytes = try descriptor.closeAfter { try Self.bytes(descriptor) }
        } catch Errno.noSuchFileOrDirectory {
            return .absent
        } catch {
            return .unreadable("\(error)")
        }
        return reading(bytes)
    }

    /// Whole and on the disk when it returns.
    static func write(_ label: VolumeLabel, to path: String) throws(FoundryError) {
        try write(label, of: "volume", to: path)
    }

    /// - Parameter what: it is the label of: `snapshot`.
    static func write(_ label: some Encodable, of what: String, to path: String) throws(FoundryError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        do {
            try DurableFile.write(try encoder.encode(label) + Data("\n".utf8), to: path)
        } catch {
            let code: ErrorCode = (error as? Errno) == .noSpace ? .poolFull : .internalError
            throw FoundryError(code, "A \(what)'s label cannot be written.", detail: "\(path): \(error)")
        }
    }

    static func reading(_ bytes: Data) -> LabelReading {
        guard bytes.count < sizeLimit else { return .unreadable("it is longer than a label") }
        let decoder = JSONDecoder()
        guard let version = try? decoder.decode(Versioned.self, from: bytes).version else {
            return .unreadable("it is not a label")
        }
        guard version == VolumeLabel.currentVersion else {
            return .unreadable("its version \(version) is not known here")
        }
        guard let label = try? decoder.decode(VolumeLabel.self, from: bytes) else {
            return .unreadable("it lacks a part of a label")
        }
        return .label(label)
    }

    private static func bytes(_ descriptor: FileDescriptor) throws -> Data {
        var bytes = [UInt8](repeating: 0, count: sizeLimit)
        var filled = 0
        while filled < sizeLimit {
            let count = try bytes.withUnsafeMutableBytes { buffer in
                try descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            }
            if count == 0 { break }
            filled += count
        }
        return Data(bytes.prefix(filled))
    }
}
