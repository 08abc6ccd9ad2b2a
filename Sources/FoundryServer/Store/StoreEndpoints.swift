import FoundryClient
import FoundryModel
import FoundryStore
import Hummingbird
import NIOCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The store as a file to keep elsewhere.
struct StoreEndpoints: Sendable {
    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .get("/foundry/v1/store/backup", isSecret: true) { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                return try await backup()
            }
        ]
    }

    private func backup() async throws(FoundryError) -> Response {
        let permit = try platform.permits.take()
        let path = try await platform.backups.takeAside(generation: platform.view.switches.generation)
        return Answer.bytes { writer in
            defer {
                withExtendedLifetime(permit) {}
                try? FileManager.default.removeItem(atPath: path)
            }
            var reader = try StoreBackupReader(path)
            while let piece = try reader.next() { try await writer.write(ByteBuffer(bytes: piece)) }
        }
    }
}
