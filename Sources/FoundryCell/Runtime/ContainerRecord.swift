import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What has to be known of a container to watch and to end it; written when it was made whole.
struct ContainerRecord: Hashable, Sendable, Codable {
    var member: MemberID
    var generation: Int
    var memory: ByteCount
    /// nil in one that was written before it was kept.
    var cpu: Millicores?
    /// Its first process.
    var process: ProcessIdentity
    /// conmon.
    var monitor: ProcessIdentity
    /// When the first process began.
    var startedAt: Timestamp

    var limits: ContainerLimits { ContainerLimits(memory: memory, cpu: cpu ?? Millicores(0)) }

    /// nil: the container was never completed.
    static func read(_ places: MonitorPlaces) -> ContainerRecord? {
        FileManager.default.contents(atPath: places.record).flatMap { try? JSONDecoder().decode(Self.self, from: $0) }
    }

    func write(_ places: MonitorPlaces) throws(FoundryError) {
        do { try DurableFile.write(JSONEncoder().encode(self), to: places.record, outlivesBoot: false) } catch {
            throw FoundryError(
                .internalError, "A container's record cannot be written.", detail: "\(places.record): \(error)")
        }
    }
}
