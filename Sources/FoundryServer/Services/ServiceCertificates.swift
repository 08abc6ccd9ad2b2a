import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Certificates of service instances, under an authority of their own: the installation's own names cells, and no service ever shall.
///
/// An instance's key is read from the program's standard output: it is never in a file of ours, nor in an argument.
struct ServiceCertificates: Sendable {
    private static let waiting = 256
    /// Ten years.
    private static let days = 3_650
    /// Members that a certificate names; clusters have at most as many.
    private static let members = 0...9
    private static let settings =
        "[req]\ndistinguished_name = name\nprompt = no\n[name]\nCN = Service Foundry services\n"

    private let directory: String
    private let addresses: [String]
    /// The authority is made once, whoever comes at the same time.
    private let lane = SerialLane(limit: Self.waiting)

    /// - Parameter addresses: beside loopback, where routes are reached at.
    init(directory: String, addresses: [String]) {
        self.directory = directory
        self.addresses = addresses
    }

    private var authority: String { "\(directory)/services-ca.pem" }
    private var authorityKey: String { "\(directory)/services-ca.key" }
    private var configuration: String { "\(directory)/services-ca.settings" }

    /// - Throws: `command_failed`, `internal_error`, `too_many_requests`.
    func make(for name: AppName) async throws(FoundryError) -> ServiceCertificate {
        try await lane.run { () async throws(FoundryError) in try await makeAuthority() }
        let names = ["\(name)", "*.\(name)", "localhost"] + Self.members.map { "\(name)-\($0)" }
        let alternatives = names.map { "DNS:\($0)" } + (["127.0.0.1"] + addresses).map { "IP:\($0)" }
        let now = SystemClock.timestamp()
        let text = try await Command().run(
            "openssl",
            [
                "req", "-x509", "-new", "-config", configuration, "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-noenc", "-keyout", "-", "-CA", authority, "-CAkey", authorityKey,
                "-sha256", "-days", "\(Self.days)", "-set_serial", Self.serial(), "-subj", "/CN=\(name)", "-addext",
                "subjectAltName=\(alternatives.joined(separator: ","))", "-addext",
                "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature", "-addext",
                "extendedKeyUsage=serverAuth,clientAuth",
            ])
        guard let key = Self.block("PRIVATE KEY", in: text), let certificate = Self.block("CERTIFICATE", in: text),
            let authority = ProcFile.read(authority)
        else { throw FoundryError(.commandFailed, "openssl made no certificate.", hint: "foundry doctor") }
        return ServiceCertificate(
            authority: authority, certificate: certificate, key: Secret(key),
            expiresAt: now + Int64(Self.days) * 86_400_000)
    }

    /// The key first: an authority whose certificate is there is whole.
    private func makeAuthority() async throws(FoundryError) {
        if FileManager.default.fileExists(atPath: authority) { return }
        let fresh = authorityKey + ".made"
        do {
            try? FileManager.default.removeItem(atPath: fresh)
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try DurableFile.write(Self.settings.utf8, to: configuration)
        } catch { throw Self.unwritable(error) }
        // Openssl makes a key's file for its owner only.
        try await Command().run(
            "openssl",
            ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", fresh])
        let text = try await Command().run(
            "openssl",
            [
                "req", "-x509", "-new", "-config", configuration, "-key", fresh, "-sha256", "-days", "\(Self.days)",
                "-set_serial", Self.serial(), "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0", "-addext",
                "keyUsage=critical,keyCertSign,cRLSign",
            ])
        guard let certificate = Self.block("CERTIFICATE", in: text), let key = ProcFile.read(fresh) else {
            throw FoundryError(.commandFailed, "openssl made no authority.", hint: "foundry doctor")
        }
        do {
            try DurableFile.write(key.utf8, to: authorityKey, mode: .ownerReadWrite)
            try FileManager.default.removeItem(atPath: fresh)
            try DurableFile.write(certificate.utf8, to: authority)
        } catch { throw Self.unwritable(error) }
    }

    private static func unwritable(_ error: any Error) -> FoundryError {
        FoundryError(
            .internalError, "The authority of services cannot be made.", detail: "\(error)", hint: "foundry doctor")
    }

    /// Positive, and not the same twice.
    private static func serial() -> String {
        var generator = SystemRandomNumberGenerator()
        return "0x1" + (0..<2).map { _ in String(generator.next() | 1 << 63, radix: 16) }.joined()
    }

    /// Of PEM, with its lines at both ends.
    private static func block(_ kind: String, in text: String) -> String? {
        let (first, last) = ("-----BEGIN \(kind)-----", "-----END \(kind)-----")
        let lines = text.split(separator: "\n")
        guard let begin = lines.firstIndex(of: Substring(first)),
            let end = lines[begin...].firstIndex(of: Substring(last))
        else { return nil }
        return lines[begin...end].joined(separator: "\n") + "\n"
    }
}
