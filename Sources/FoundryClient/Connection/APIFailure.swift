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

/// Turns what can go wrong between client and server into words.
enum APIFailure {
    static let timeouts: [HTTPClientError] = [
        .deadlineExceeded, .readTimeout, .connectTimeout, .tlsHandshakeTimeout, .writeTimeout,
    ]

    static func mapped<Result>(
        _ target: APITarget, _ work: () async throws -> Result
    ) async throws(FoundryError) -> Result {
        do {
            return try await work()
        } catch {
            throw Self.error(error, target)
        }
    }

    static func error(_ error: any Error, _ target: APITarget) -> FoundryError {
        switch error {
        case let error as FoundryError:
            error
        case is CancellationError:
            FoundryError(.unreachable, "The call was given up.")
        case let error as HTTPClientError where Self.timeouts.contains(error):
            FoundryError(.timedOut, "\(target.url) did not answer in time.", detail: "\(error)", hint: "foundry status")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            FoundryError(
                .unreachable, "What answers at \(target.url) is not the platform that your configuration names.",
                detail: "\(error)",
                hint: "foundry up writes the configuration of the platform that runs here")
        case is NIOTooManyBytesError:
            FoundryError(.internalError, "The answer of \(target.url) is too large.", detail: "\(error)")
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            notRunning(target)
        case let error as NIOConnectionError where error.connectionErrors.allSatisfy(Self.isRefused):
            notRunning(target)
        default:
            FoundryError(.unreachable, "\(target.url) does not answer.", detail: "\(error)", hint: "foundry status")
        }
    }

    /// The server's own words, or what can be said without them.
    static func refusal(status: Int, body: Data) -> FoundryError {
        if let error = (try? WireJSON.decode(ErrorBody.self, from: body))?.error { return error }
        let code: ErrorCode =
            switch status {
            case 401: .unauthenticated
            case 403: .forbidden
            case 404: .notFound
            case 413: .bodyTooLarge
            case 400..<500: .badRequest
            case 503: .unreachable
            default: .internalError
            }
        return FoundryError(
            code, "The server answered \(status).", detail: String(decoding: body.prefix(400), as: UTF8.self))
    }

    static func unreadable(_ error: any Error) -> FoundryError {
        FoundryError(
            .internalError, "The server's answer cannot be read; its version may differ from this one.",
            detail: "\(error)",
            hint: "foundry version")
    }

    private static func notRunning(_ target: APITarget) -> FoundryError {
        FoundryError(.notRunning, "Nothing answers at \(target.url): the platform is not running.", hint: "foundry up")
    }

    private static func isRefused(_ failure: SingleConnectionFailure) -> Bool {
        (failure.error as? IOError)?.errnoCode == ECONNREFUSED
    }
}
