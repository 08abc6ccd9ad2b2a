import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The installation's own authority and the certificates under it, made by `openssl`.
public enum Certificates {
    /// Makes them when they are not there: all or none.
    ///
    /// - Throws: `command_failed`, `machine_unfit`.
    public static func make(_ paths: Paths, instance: String, cell: CellID) async throws(FoundryError) {
        guard !FileManager.default.fileExists(atPath: paths.tls) else { return }
        let fresh = "\(paths.tls).new"
        do {
            try? FileManager.default.removeItem(atPath: fresh)
            try FileManager.default.createDirectory(
                atPath: fresh, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            try DurableFile.write(settings(instance: instance).utf8, to: "\(fresh)/settings")
        } catch {
            throw FoundryError(.machineUnfit, "\(paths.tls) cannot be made.", detail: "\(error)")
        }
        try await key("ca", in: fresh)
        try await openssl([
            "req", "-x509", "-new", "-config", "\(fresh)/settings", "-extensions", "authority", "-key",
            "\(fresh)/ca.key", "-sha256",
            "-days", lifetime, "-set_serial", "0x\(serial())", "-out", "\(fresh)/ca.pem",
        ])
        try await certificate("server", subject: "/CN=foundry server", extensions: "server", in: fresh)
        try await certificate("cell", subject: "/CN=cell-\(cell)", extensions: "client", in: fresh)
        try await certificate("router", subject: "/CN=router", extensions: "client", in: fresh)
        do {
            for name in ["ca", "server", "cell", "router"] {
                for file in ["\(fresh)/\(name).key", "\(fresh)/\(name).pem"] {
                    guard let bytes = FileManager.default.contents(atPath: file) else {
                        throw CocoaError(.fileReadNoSuchFile)
                    }
                    try DurableFile.write(bytes, to: file)
                }
            }
            try FileManager.default.removeItem(atPath: "\(fresh)/settings")
            try FileManager.default.moveItem(atPath: fresh, toPath: paths.tls)
            try DurableFile.syncDirectory(paths.data)
        } catch {
            throw FoundryError(.machineUnfit, "\(paths.tls) cannot be made.", detail: "\(error)")
        }
    }

    /// Ten years.
    private static let lifetime = "3650"

    private static func certificate(
        _ name: String, subject: String, extensions: String, in directory: String
    ) async throws(FoundryError) {
        let file = "\(directory)/\(name)"
        try await key(name, in: directory)
        try await openssl([
            "req", "-new", "-config", "\(directory)/settings", "-key", "\(file).key", "-subj", subject, "-out",
            "\(file).csr",
        ])
        try await openssl([
            "x509", "-req", "-in", "\(file).csr", "-CA", "\(directory)/ca.pem", "-CAkey", "\(directory)/ca.key",
            "-set_serial", "0x\(serial())",
            "-days", lifetime, "-sha256", "-extfile", "\(directory)/settings", "-extensions", extensions, "-out",
            "\(file).pem",
        ])
        try? FileManager.default.removeItem(atPath: "\(file).csr")
    }

    private static func key(_ name: String, in directory: String) async throws(FoundryError) {
        try await openssl([
            "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "\(directory)/\(name).key",
        ])
    }

    private static func openssl(_ arguments: [String]) async throws(FoundryError) {
        try await Command().run("openssl", arguments)
    }

    /// Positive, and not the same twice.
    private static func serial() -> String { "1" + Secrets.hexadecimal(bytes: 15) }

    private static func settings(instance: String) -> String {
        """
        [req]
        distinguished_name = name
        prompt = no
        [name]
        CN = Service Foundry \(instance)
        [authority]
        basicConstraints = critical, CA:TRUE, pathlen:0
        keyUsage = critical, keyCertSign, cRLSign
        subjectKeyIdentifier = hash
        [server]
        basicConstraints = critical, CA:FALSE
        keyUsage = critical, digitalSignature
        extendedKeyUsage = serverAuth
        subjectAltName = IP:127.0.0.1, IP:::1, DNS:localhost
        subjectKeyIdentifier = hash
        authorityKeyIdentifier = keyid
        [client]
        basicConstraints = critical, CA:FALSE
        keyUsage = critical, digitalSignature
        extendedKeyUsage = clientAuth
        subjectKeyIdentifier = hash
        authorityKeyIdentifier = keyid

        """
    }
}
