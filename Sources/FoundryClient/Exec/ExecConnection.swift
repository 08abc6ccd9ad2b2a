import AsyncHTTPClient
import FoundryModel
import NIOCore

/// One command's stream as a client or a cell has it: a request whose body goes on while its answer comes.
///
/// The request ends with `outbox`; the answer must be read to its end, by `receive`, once.
public struct ExecConnection: Sendable {
    public let outbox: ExecOutbox
    let response: HTTPClientResponse
    let failure: @Sendable (any Error) -> FoundryError

    /// Hands on every frame as it comes, signs of life among them.
    ///
    /// - Returns: when the other side ended the stream.
    /// - Throws: `bad_request` for what is no frame, `unreachable` when the connection broke, and what the body throws.
    public func receive(_ body: (ExecFrame) async throws(FoundryError) -> Void) async throws(FoundryError) {
        var decoder = ExecFrameDecoder()
        var chunks = response.body.makeAsyncIterator()
        while let chunk = try await next(&chunks) {
            decoder.append(Array(chunk.readableBytesView))
            while let frame = try decoder.next() { try await body(frame) }
        }
    }

    private func next(_ chunks: inout HTTPClientResponse.Body.AsyncIterator) async throws(FoundryError) -> ByteBuffer? {
        do { return try await chunks.next() } catch { throw failure(error) }
    }
}
