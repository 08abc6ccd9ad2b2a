/// Text that nobody may read by accident: a password, a private key.
///
/// It has no description but `(secret)`, so no log, error or event can hold it. It is written only by an encoder that was told how: sealed for
/// the store, in plain words for the mutual TLS between a server and its cells. Any other encoder throws.
public struct Secret: Hashable, Sendable {
    private let text: String

    public init(_ text: String) { self.text = text }

    /// The text itself. Every use of this is a place where a secret leaves.
    public func reveal() -> String { text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "(secret)" }
    public var debugDescription: String { "(secret)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// How an encoder writes secrets, and a decoder reads them: in their `userInfo` under ``key``.
public protocol SecretCoding: Sendable {
    func write(_ text: String) throws -> String
    func read(_ written: String) throws -> String
}

/// For a channel that is secret itself.
public struct PlainSecrets: SecretCoding {
    public init() {}
    public func write(_ text: String) -> String { text }
    public func read(_ written: String) -> String { written }
}

extension CodingUserInfoKey {
    public static let secrets: CodingUserInfoKey = {
        guard let key = CodingUserInfoKey(rawValue: "foundry.secrets") else { preconditionFailure("any text is a key") }
        return key
    }()
}

extension Secret: Codable {
    public init(from decoder: any Decoder) throws {
        guard let coding = decoder.userInfo[.secrets] as? any SecretCoding else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "nothing says how secrets are read here"))
        }
        text = try coding.read(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        guard let coding = encoder.userInfo[.secrets] as? any SecretCoding else {
            throw EncodingError.invalidValue(
                self, .init(codingPath: encoder.codingPath, debugDescription: "secrets are not written here"))
        }
        var container = encoder.singleValueContainer()
        try container.encode(try coding.write(text))
    }
}
