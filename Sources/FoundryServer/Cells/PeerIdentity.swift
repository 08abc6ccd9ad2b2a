import FoundryModel
import NIOCore
import NIOSSL
import SwiftASN1

/// Who is at the other end of a connection, by the certificate that our authority signed.
enum PeerIdentity: Hashable, Sendable {
    case cell(CellID)
    case router

    /// - Parameter commonName: `cell-<id>` or `router`.
    init?(commonName: String) {
        if commonName == "router" {
            self = .router
        } else if commonName.hasPrefix("cell-"), let id = CellID(String(commonName.dropFirst("cell-".count))) {
            self = .cell(id)
        } else {
            return nil
        }
    }

    /// - Throws: `forbidden` when the connection has no certificate, or one of neither a cell nor a router.
    static func of(_ channel: any Channel) async throws(FoundryError) -> PeerIdentity {
        let certificate = try? await channel.nioSSL_peerCertificate().get()
        guard let bytes = try? certificate?.toDERBytes(), let name = try? CertificateSubject.commonName(bytes),
            let identity = PeerIdentity(commonName: name)
        else {
            throw FoundryError(
                .forbidden, "The certificate is neither a cell's nor a router's.", hint: "foundry doctor")
        }
        return identity
    }
}

/// Reads the name that a certificate was given. The certificate itself was checked by the TLS library.
enum CertificateSubject {
    private static let commonNameID: ASN1ObjectIdentifier = [2, 5, 4, 3]

    /// - Returns: nil when the subject has no common name, or more than one.
    /// - Source: RFC 5280, section 4.1: the subject is the sixth field of the certificate's body, version included.
    static func commonName(_ certificate: [UInt8]) throws -> String? {
        var fields = try children(of: try children(of: try DER.parse(certificate)).first)
        if let first = fields.first, first.identifier.tagClass == .contextSpecific { fields.removeFirst() }
        guard fields.count > 4 else { return nil }
        let names = try children(of: fields[4]).flatMap { try children(of: $0) }.compactMap { attribute -> String? in
            let parts = try children(of: attribute)
            guard parts.count == 2, try ASN1ObjectIdentifier(derEncoded: parts[0]) == commonNameID else { return nil }
            return try text(parts[1])
        }
        return names.count == 1 ? names.first : nil
    }

    private static func children(of node: ASN1Node?) throws -> [ASN1Node] {
        guard let node, case .constructed(let nodes) = node.content else { return [] }
        return Array(nodes)
    }

    private static func text(_ node: ASN1Node) throws -> String? {
        guard [ASN1Identifier.utf8String, .printableString, .ia5String].contains(node.identifier),
            case .primitive(let bytes) = node.content
        else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
