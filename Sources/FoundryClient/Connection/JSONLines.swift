import AsyncHTTPClient
import FoundryModel
import NIOCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An answer of one JSON value a line, read as it comes. Empty lines are signs of life.
///
/// To be read once. It ends when the server ends it; a connection that breaks or falls silent throws `unreachable` or `timed_out`.
public struct JSONLines<Element: Decodable & Sendable>: AsyncSequence, Sendable {
    public typealias Failure = FoundryError

    /// Nothing of ours writes longer ones; a longer one is an error.
    static var longestLine: Int { 1 << 20 }

    let response: HTTPClientResponse
    let connection: APIConnection

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: response.body.makeAsyncIterator(), connection: connection)
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        var chunks: HTTPClientResponse.Body.AsyncIterator
        let connection: APIConnection
        private var buffer = ByteBuffer()
        private var isAtEnd = false

        init(chunks: HTTPClientResponse.Body.AsyncIterator, connection: APIConnection) {
            self.chunks = chunks
            self.connection = connection
        }

        public mutating func next() async throws(FoundryError) -> Element? {
            while let line = try await nextLine() {
                if line.isEmpty { continue }
                do {
                    return try WireJSON.decode(Element.self, from: line)
                } catch {
                    throw APIFailure.unreadable(error)
                }
            }
            return nil
        }

        /// The next line without its newline; what follows the last newline counts as one.
        private mutating func nextLine() async throws(FoundryError) -> Data? {
            while true {
                let bytes = buffer.readableBytesView
                if let end = bytes.firstIndex(of: 0x0a) {
                    let line = Data(bytes[..<end])
                    buffer.moveReaderIndex(forwardBy: line.count + 1)
                    buffer.discardReadBytes()
                    return line
                }
                if isAtEnd {
                    guard buffer.readableBytes > 0 else { return nil }
                    defer { buffer.clear() }
                    return Data(bytes)
                }
                guard bytes.count <= JSONLines.longestLine else {
                    throw FoundryError(.internalError, "A line of the server's answer is too long.")
                }
                do {
                    if var chunk = try await chunks.next() { buffer.writeBuffer(&chunk) } else { isAtEnd = true }
                } catch {
                    throw connection.failure(error)
                }
            }
        }
    }
}
