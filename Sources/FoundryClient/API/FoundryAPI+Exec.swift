import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension FoundryAPI {
    /// Has a command run in a member of an app.
    ///
    /// - Parameter instance: the member's number; nil: the only one, or the primary.
    /// - Returns: when the cell has opened its stream.
    /// - Throws: `member_not_running`, `too_many_requests`, `not_found` among others; nothing was run then.
    public func exec(
        in guid: String, instance: Int?, _ request: ExecRequest
    ) async throws(FoundryError) -> ExecConnection {
        let outbox = ExecOutbox()
        let words: Data
        do { words = try WireJSON.encode(request) } catch {
            throw FoundryError(.usage, "The command cannot be sent.", detail: "\(error)")
        }
        guard words.count <= ExecLimits.largestPayload else {
            throw FoundryError(
                .usage, "The command is longer than \(ExecLimits.largestPayload) bytes.",
                hint: "send what is long over its standard input")
        }
        outbox.send(.begin([UInt8](words)))
        let query = instance.map { [(name: "instance", value: "\($0)")] } ?? []
        let call = APICall(method: .post, path: ["foundry", "v1", "apps", guid, "exec"], query: query)
        let response: ExecConnection
        do throws(FoundryError) { response = try await connection.exec(call, outbox) } catch {
            outbox.finish()
            throw error
        }
        return response
    }
}
