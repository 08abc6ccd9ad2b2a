import AsyncHTTPClient
import FoundryModel
import NIOCore

/// Fetches a file from a web server. What came is for others to judge.
public struct Download: Sendable {
    /// Until the answer begins, and between two parts of it.
    private static let silence = TimeAmount.seconds(30)

    private let largest: Int64

    /// - Parameter largest: bytes; more is given up.
    public init(largest: Int64) { self.largest = largest }

    /// How long it takes in all is bounded by the caller: it ends when it is cancelled.
    ///
    /// - Parameter take: gets what comes, in order.
    /// - Throws: `usage`, `not_found`, `unreachable`, `timed_out`, `body_too_large`; what `take` throws, as `internal_error`.
    public func fetch(_ address: String, _ take: @Sendable ([UInt8]) throws -> Void) async throws(FoundryError) {
        let address = try WebAddress(address)
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(10), read: Self.silence))
        configuration.httpVersion = .http1Only
        // A person waits, who hears at once that nobody is there.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let outcome: Result<Void, FoundryError>
        do throws(FoundryError) { outcome = .success(try await fetch(address, client, take)) } catch {
            outcome = .failure(error)
        }
        do { try await client.shutdown() } catch {
            throw FoundryError(.internalError, "The connection could not be ended.", detail: "\(error)")
        }
        try outcome.get()
    }

    private func fetch(
        _ first: WebAddress, _ client: HTTPClient, _ take: ([UInt8]) throws -> Void
    ) async throws(FoundryError) {
        var address = first
        while true {
            let response = try await Self.mapped(address) { [address] in
                try await client.execute(HTTPClientRequest(url: address.text), timeout: .hours(1))
            }
            switch response.status.code {
            case 200: return try await Self.mapped(address) { try await read(response, take) }
            case 301, 302, 303, 307, 308:
                guard let location = response.headers.first(name: "location") else {
                    throw FoundryError(.unreachable, "\(address.text) leads on to nowhere.")
                }
                address = try address.redirected(to: location)
            case 404: throw FoundryError(.notFound, "There is nothing at \(address.text).")
            case let code: throw FoundryError(.unreachable, "\(address.text) answers \(code).")
            }
        }
    }

    private func read(_ response: HTTPClientResponse, _ take: ([UInt8]) throws -> Void) async throws {
        let tooLarge = FoundryError(.bodyTooLarge, "The file is larger than \(ByteCount(bytes: largest)).")
        let said = response.headers.first(name: "content-length").flatMap { Int64($0) }
        guard said ?? 0 <= largest else { throw tooLarge }
        var count: Int64 = 0
        for try await part in response.body {
            count += Int64(part.readableBytes)
            guard count <= largest else { throw tooLarge }
            try take(Array(part.readableBytesView))
        }
    }

    private static func mapped<Result>(
        _ address: WebAddress, _ work: () async throws -> Result
    ) async throws(FoundryError) -> Result {
        do { return try await work() } catch let error as FoundryError {
            throw error
        } catch let error as HTTPClientError where APIFailure.timeouts.contains(error) {
            throw FoundryError(.timedOut, "\(address.text) did not answer in time.", detail: "\(error)")
        } catch {
            throw FoundryError(.unreachable, "\(address.text) cannot be read.", detail: "\(error)")
        }
    }
}
