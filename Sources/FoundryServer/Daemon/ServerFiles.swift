import FoundryEffects
import FoundryModel
import NIOSSL

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the server reads from the data directory at its start.
struct ServerFiles {
    let paths: Paths

    /// When the installation was made.
    var createdAt: Timestamp {
        let attributes = try? FileManager.default.attributesOfItem(atPath: paths.configuration)
        let date = attributes?[.modificationDate] as? Date ?? Date(timeIntervalSince1970: 0)
        return Timestamp(millisecondsSince1970: Int64(date.timeIntervalSince1970 * 1000))
    }

    /// - Throws: `configuration_invalid`.
    func token() throws(FoundryError) -> BearerToken {
        guard let bytes = FileManager.default.contents(atPath: paths.token), bytes.count <= 4096 else {
            throw FoundryError(
                .configurationInvalid, "The token cannot be read.", detail: paths.token, hint: "foundry up")
        }
        return try BearerToken(String(decoding: bytes, as: UTF8.self))
    }

    /// - Parameter asksForCertificate: the peer must show a certificate of our authority.
    /// - Throws: `configuration_invalid`.
    func tls(asksForCertificate: Bool) throws(FoundryError) -> TLSConfiguration {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(paths.certificate(of: "server"))
            let key = try NIOSSLPrivateKey(file: paths.key(of: "server"), format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            if asksForCertificate {
                configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(paths.authority))
                configuration.certificateVerification = .noHostnameVerification
            }
            return configuration
        } catch {
            throw FoundryError(
                .configurationInvalid, "The server's certificates cannot be read.", detail: "\(paths.tls): \(error)",
                hint: "foundry up")
        }
    }

    /// - Throws: `internal_error`.
    func makeDirectory(of path: String) throws(FoundryError) {
        let directory = URL(filePath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        } catch {
            throw FoundryError(
                .internalError, "A directory cannot be made.", detail: "\(directory.path()): \(error)",
                hint: "foundry doctor")
        }
    }
}
