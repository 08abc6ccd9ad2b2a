import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a member's engine is told of the others, as a file beside its logs, for the verbs of its release.
struct MemberWire: Sendable {
    let paths: Paths

    private struct Words: Codable {
        var role: MemberRole
        var source: RouteTarget?
        var waitsFor: [MemberID]
    }

    func write(_ order: MemberOrder) throws(FoundryError) {
        let words = Words(role: order.role, source: order.source, waitsFor: order.waitsFor)
        let place = "\(paths.member(order.id))/wire.json"
        try HostFiles.makeDirectory(paths.member(order.id))
        do { try DurableFile.write(JSONEncoder().encode(words), to: place, outlivesBoot: false) } catch {
            throw FoundryError(.internalError, "A member's role cannot be written.", detail: "\(place): \(error)")
        }
    }
}
