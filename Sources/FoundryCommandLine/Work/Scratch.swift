import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Directories for what a command does not keep.
public enum Scratch {
    /// Where they lie: `TMPDIR`, otherwise `/var/tmp`, since archives may be larger than memory.
    public static var root: String {
        let chosen = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
        return chosen.hasPrefix("/") ? chosen : "/var/tmp"
    }

    /// Makes one, of this user alone, for whoever removes it.
    ///
    /// - Parameter name: what it is for; part of the directory's name.
    /// - Throws: `machine_unfit` when there is no room.
    static func make(_ name: String) throws(FoundryError) -> String {
        // Short: sockets lie below it, and their paths have a limit.
        let place = "\(root)/foundry-\(name)-\(UUID().uuidString.prefix(8).lowercased())"
        do {
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw FoundryError(.machineUnfit, "There is no room for what is not kept.", detail: "\(place): \(error)")
        }
        return place
    }

    /// Makes one, and removes it when the work has ended, also when a person interrupts it.
    ///
    /// - Throws: what ``make(_:)`` throws; ``Interrupted`` after SIGINT or SIGTERM; what the work throws.
    static func with<Result: Sendable>(
        _ name: String, _ work: @escaping @Sendable (_ directory: String) async throws -> Result
    ) async throws -> Result {
        let place = try make(name)
        let outcome: Swift.Result<Result, any Error>
        do { outcome = .success(try await Interruption.ends { try await work(place) }) } catch {
            outcome = .failure(error)
        }
        do { try FileManager.default.removeItem(atPath: place) } catch {
            throw FoundryError(.internalError, "What is not kept cannot be removed.", detail: "\(place): \(error)")
        }
        return try outcome.get()
    }
}
