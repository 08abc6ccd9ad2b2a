import FoundryModel
import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
import Glibc
#endif

/// What keeps a syslog server from taking messages, in words.
enum SyslogFailure {
    private static let longest = 200

    static func words(_ error: any Error, _ target: LogDrainTarget) -> String {
        switch error {
        case let error as NIOConnectionError where error.connectionErrors.allSatisfy({ isRefused($0.error) }):
            // None: its name has no address.
            error.connectionErrors.isEmpty
                ? "the name \(target.host) leads nowhere" : "nobody listens at \(target.host), port \(target.port)"
        case is NIOConnectionError: "\(target.host) does not answer at port \(target.port)"
        case let error as ChannelError where error == .ioOnClosedChannel || error == .eof: "the server hung up"
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            "its certificate is not trusted, or TLS is not what it speaks"
        default: String("\(error)".prefix(longest))
        }
    }

    private static func isRefused(_ error: any Error) -> Bool { (error as? IOError)?.errnoCode == ECONNREFUSED }
}
