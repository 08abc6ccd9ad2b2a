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

/// Calls one installation's API: HTTP/1.1 over TLS under its own authority, one thread, few connections.
struct APIConnection: Sendable {
    /// A server is back within this time when it is killed; a platform that is not running is told to be so after it.
    private static let restartTime = TimeAmount.milliseconds(600)
    private static let restartPause = TimeAmount.milliseconds(20)

    private let client: HTTPClient
    private let group: MultiThreadedEventLoopGroup
    private let target: APITarget

    /// - Throws: `configuration_invalid` when the target's certificates cannot be read.
    init(_ target: APITarget) throws(FoundryError) {
        self.target = target
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: try Self.configuration(target))
    }

    /// Ends every connection. Nothing may be called afterwards.
    func close() async {
        try? await client.shutdown()
        try? await group.shutdownGracefully()
    }

    /// Calls, and reads the whole answer.
    ///
    /// - Throws: the server's own error for an answer that is one; `not_running`, `unreachable`, `timed_out` when there is none.
    func send(_ call: APICall) async throws(FoundryError) -> APIAnswer {
        let response = try await open(call)
        return try await APIFailure.mapped(target) {
            let body = try await response.body.collect(upTo: APICall.largestAnswer)
            return APIAnswer(location: response.headers.first(name: "location"), body: Data(body.readableBytesView))
        }
    }

    /// Calls, and returns as soon as the answer begins.
    func open(_ call: APICall) async throws(FoundryError) -> HTTPClientResponse {
        try await accepted(try await begin(request(call), call))
    }

    private func accepted(_ response: HTTPClientResponse) async throws(FoundryError) -> HTTPClientResponse {
        guard !(200..<300).contains(response.status.code) else { return response }
        let body = try await APIFailure.mapped(target) { try await response.body.collect(upTo: 1 << 20) }
        throw APIFailure.refusal(status: Int(response.status.code), body: Data(body.readableBytesView))
    }

    /// Calls with a body that goes on while the answer comes.
    func exec(_ call: APICall, _ outbox: ExecOutbox) async throws(FoundryError) -> ExecConnection {
        var request = request(call)
        request.headers.add(name: "content-type", value: "application/octet-stream")
        request.body = .stream(outbox, length: .unknown)
        let response = try await accepted(try await begin(request, call))
        return ExecConnection(outbox: outbox, response: response) { [target] in APIFailure.error($0, target) }
    }

    /// A server that is being restarted refuses connections for a moment. Nothing was sent then, so whatever it is may be called again; so may
    /// a question that broke off.
    private func begin(
        _ request: HTTPClientRequest, _ call: APICall
    ) async throws(FoundryError) -> HTTPClientResponse {
        let end = NIODeadline.now() + Self.restartTime
        while true {
            do {
                return try await APIFailure.mapped(target) {
                    try await client.execute(request, timeout: TimeAmount(call.limit))
                }
            } catch {
                let mayBeCalledAgain = error.code == .notRunning || error.code == .unreachable && call.method == .get
                guard mayBeCalledAgain, NIODeadline.now() < end else { throw error }
            }
            try await APIFailure.mapped(target) {
                try await group.any().scheduleTask(in: Self.restartPause) {}.futureResult.get()
            }
        }
    }

    /// The failure of reading on an answer that was opened.
    func failure(_ error: any Error) -> FoundryError { APIFailure.error(error, target) }

    private func request(_ call: APICall) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: target.url + call.pathAndQuery)
        request.method = .RAW(value: call.method.rawValue)
        request.headers.add(name: "authorization", value: "Bearer \(target.token)")
        request.headers.add(name: "accept", value: "application/json")
        if let body = call.body {
            request.headers.add(name: "content-type", value: body.contentType)
            request.body = .bytes(body.bytes)
        }
        return request
    }

    private static func configuration(_ target: APITarget) throws(FoundryError) -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        do {
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(target.authorities.utf8)))
        } catch {
            throw FoundryError(
                .configurationInvalid, "The certificates of \(target.url) in your configuration cannot be read.",
                detail: "\(error)",
                hint: "foundry up")
        }
        // Every answer says where it ends, so nothing is lost by closing before the server has agreed. It agrees late while it streams.
        tls.shutdownTimeout = .milliseconds(10)
        // The longest silence is that of a push whose image is asked for at a registry.
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(5), read: TimeAmount(APICall.longestLimit)))
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        // A command or a stream has one as long as it runs; nothing must wait for these.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = ExecLimits.total
        return configuration
    }
}

/// An answer that is no error.
struct APIAnswer: Sendable {
    var location: String?
    var body: Data

    /// - Throws: `internal_error` when the body is not what this version of the client expects.
    func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws(FoundryError) -> Value {
        do {
            return try WireJSON.decode(type, from: body)
        } catch {
            throw APIFailure.unreadable(error)
        }
    }
}
