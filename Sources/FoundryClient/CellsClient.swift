import AsyncHTTPClient
import FoundryModel
import NIOCore
import NIOPosix
import NIOSSL

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How a cell, or a router, talks to the server: a stream of orders inward, reports outward; mutual TLS, its certificate says who it is.
///
/// One thread, and a connection for each stream beside the one for reports. `close` must be called before the last copy goes.
public struct CellsClient<Orders: Decodable & Sendable, Report: Encodable & Sendable>: Sendable {
    /// The server sends a sign of life every five seconds; after this much silence the connection counts as broken.
    public static var silenceLimit: Duration { .seconds(15) }
    private static var longestLine: Int { 64 << 20 }

    private let client: HTTPClient
    private let group: MultiThreadedEventLoopGroup
    private let base: String

    /// - Parameter name: the last part of the address: a cell's id, or `router`.
    /// - Throws: `configuration_invalid` when a certificate or key cannot be read.
    init(name: String, port: Int, files: CellsClientFiles) throws(FoundryError) {
        base = "https://127.0.0.1:\(port)/cells/v1/\(name)"
        var tls = TLSConfiguration.makeClientConfiguration()
        do {
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(files.authority))
            tls.certificateChain = try NIOSSLCertificate.fromPEMFile(files.certificate).map { .certificate($0) }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem))
        } catch {
            throw FoundryError(
                .configurationInvalid, "The certificates of \(name) cannot be read.",
                detail: "\(files.certificate): \(error)", hint: "foundry doctor")
        }
        // The server agrees to a close late while it streams, and every line says where it ends.
        tls.shutdownTimeout = .milliseconds(10)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(5), read: TimeAmount(Self.silenceLimit)))
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        // Each command has one as long as it runs; orders and reports must not wait for them.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = ExecLimits.total + 4
        client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    }

    public func close() async {
        try? await client.shutdown()
        try? await group.shutdownGracefully()
    }

    /// Follows the orders over one connection: each is handed on as it comes; of several that came together, the newest.
    ///
    /// - Returns: when the server ended the stream (it goes, or a newer stream took this one's place).
    /// - Throws: `unreachable`, `timed_out`, the server's refusal. Connect again, after a pause.
    public func follow(_ body: (Orders) async -> Void) async throws(FoundryError) {
        do {
            let response = try await client.execute(HTTPClientRequest(url: base + "/orders"), timeout: .hours(24 * 365))
            guard response.status == .ok else { throw try await refusal(response) }
            var buffer = ByteBuffer()
            for try await var chunk in response.body {
                buffer.writeBuffer(&chunk)
                if let line = Self.newestLine(&buffer) { await body(try decoder.decode(Orders.self, from: line)) }
                guard buffer.readableBytes <= Self.longestLine else {
                    throw FoundryError(.badRequest, "The server's orders are too long.")
                }
            }
        } catch {
            throw Self.failure(error)
        }
    }

    /// Orders have secrets; the channel is mutual TLS.
    private var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.userInfo[.secrets] = PlainSecrets()
        return decoder
    }

    /// - Throws: `unreachable`, `timed_out`, the server's refusal. The next report says it all again.
    public func report(_ report: Report) async throws(FoundryError) { _ = try await post(report, to: "report") }

    /// - Parameter name: the last part of the address.
    /// - Returns: the answer's body.
    func post(_ body: some Encodable, to name: String) async throws(FoundryError) -> Data {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .withoutEscapingSlashes
            var request = HTTPClientRequest(url: "\(base)/\(name)")
            request.method = .POST
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try encoder.encode(body)))
            let response = try await client.execute(request, timeout: .seconds(15))
            guard (200..<300).contains(response.status.code) else { throw try await refusal(response) }
            return Data(try await response.body.collect(upTo: 1 << 20).readableBytesView)
        } catch {
            throw Self.failure(error)
        }
    }

    /// Posts a body that goes on while the answer comes.
    ///
    /// - Parameter path: the last parts of the address.
    func stream(_ outbox: ExecOutbox, to path: [String]) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: "\(base)/\(path.joined(separator: "/"))")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/octet-stream")
        request.body = .stream(outbox, length: .unknown)
        let response = try await client.execute(request, timeout: .seconds(15))
        guard response.status == .ok else { throw try await refusal(response) }
        return response
    }

    private func refusal(_ response: HTTPClientResponse) async throws -> FoundryError {
        let body = try await response.body.collect(upTo: 1 << 20)
        return APIFailure.refusal(status: Int(response.status.code), body: Data(body.readableBytesView))
    }

    /// Takes every whole line out of the buffer. Empty ones are signs of life.
    private static func newestLine(_ buffer: inout ByteBuffer) -> Data? {
        let bytes = buffer.readableBytesView
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return nil }
        let lines = bytes[..<end].split(separator: UInt8(ascii: "\n"))
        let newest = lines.last.map { Data($0) }
        buffer.moveReaderIndex(to: end + 1)
        buffer.discardReadBytes()
        return newest
    }

    static func failure(_ error: any Error) -> FoundryError {
        let silences: [HTTPClientError] = [.deadlineExceeded, .readTimeout, .connectTimeout, .tlsHandshakeTimeout]
        return switch error {
        case let error as FoundryError: error
        case let error as HTTPClientError where silences.contains(error):
            FoundryError(.timedOut, "The server is silent.", detail: "\(error)")
        default: FoundryError(.unreachable, "The server cannot be reached.", detail: "\(error)")
        }
    }
}

/// PEM files of a cell or router.
public struct CellsClientFiles: Hashable, Sendable {
    public var authority: String
    public var certificate: String
    public var key: String

    public init(authority: String, certificate: String, key: String) {
        self.authority = authority
        self.certificate = certificate
        self.key = key
    }
}

extension CellsClient where Orders == CellOrders, Report == CellReport {
    /// A cell's connection. The certificate's common name must be `cell-<id>`.
    public init(cell: CellID, port: Int, files: CellsClientFiles) throws(FoundryError) {
        try self.init(name: cell.description, port: port, files: files)
    }
}

extension CellsClient where Orders == RouterOrders, Report == RouterReport {
    /// The router's connection. The certificate's common name must be `router`.
    public init(routerPort port: Int, files: CellsClientFiles) throws(FoundryError) {
        try self.init(name: "router", port: port, files: files)
    }
}
