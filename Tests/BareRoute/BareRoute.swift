import Hummingbird
import HummingbirdTLS
import NIOSSL

/// One JSON route and nothing else, over TLS as the API is: what script/bench compares the broker's catalog with.
@main
struct BareRoute {
    private struct Status: ResponseCodable {
        var name = "bare"
        var state = "running"
        var members = 3
    }

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let port = Int(arguments[1]) else {
            fatalError("usage: BareRoute PORT CERTIFICATE KEY")
        }
        let tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(arguments[2]).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: arguments[3], format: .pem)))
        let router = Router()
        router.get("/status") { _, _ in Status() }
        let application = Application(
            router: router, server: try .tls(.http1(), tlsConfiguration: tls),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)))
        try await application.runService()
    }
}
