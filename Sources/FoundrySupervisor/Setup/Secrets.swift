import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Random names and keys of an installation, each made once and kept.
public enum Secrets {
    /// - Parameter count: of random bytes.
    static func hexadecimal(bytes count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in
            let byte = UInt8.random(in: .min ... .max, using: &generator)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// The file's line; written at the first call, readable by its owner only.
    static func keep(_ path: String, bytes count: Int) throws(FoundryError) -> String {
        if let line = ProcFile.line(path) { return line }
        let fresh = hexadecimal(bytes: count)
        do { try DurableFile.write("\(fresh)\n".utf8, to: path) } catch {
            throw FoundryError(.machineUnfit, "\(path) cannot be written.", detail: "\(error)")
        }
        return fresh
    }

    /// The id of this machine's cell, made at the first call.
    ///
    /// - Throws: `configuration_invalid` when the file holds something else.
    public static func cellID(_ paths: Paths) throws(FoundryError) -> CellID {
        guard let id = CellID(try keep(paths.cellID, bytes: 4)) else {
            throw FoundryError(.configurationInvalid, "\(paths.cellID) does not hold an id.")
        }
        return id
    }

    /// The machine's own id, or one that is kept in the data directory when it has none.
    public static func machineID(_ paths: Paths) throws(FoundryError) -> String {
        if let id = ProcFile.line("/etc/machine-id"), id.count == 32 { return id }
        return try keep("\(paths.data)/machine-id", bytes: 16)
    }

    /// The bearer token of the API, made at the first call.
    public static func token(_ paths: Paths) throws(FoundryError) -> String { try keep(paths.token, bytes: 32) }
}
