import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Turns values into stored bytes and back: `{"data":{...},"kind":"app","v":3}`.
///
/// Older versions are brought to today's shape step by step when they are read. A newer version, another kind, or bytes
/// that aren't such an envelope are refused, and since nothing is written by reading, they stay as they are.
///
/// Keys are sorted, so equal values give equal bytes, provided the value's own coding is deterministic: a set, or a
/// dictionary whose keys are neither strings nor integers, is encoded in an order that differs between runs.
public struct RecordCodec<Value: Codable & Sendable>: Sendable {
    /// Says what the value is, so that a value under a wrong key is noticed.
    public let kind: String
    /// The version that is written.
    public let version: Int
    private let upgrades: [RecordUpgrade]

    /// - Parameter upgrades: ordered and without holes, the last one from `version - 1`. What is older than the first is refused.
    public init(kind: String, version: Int = 1, upgrades: [RecordUpgrade] = []) {
        let first = version - upgrades.count
        precondition(first >= 1, "versions of a record begin at 1")
        precondition(
            upgrades.map(\.from) == Array(first..<version), "upgrades of \(kind) must be in order, up to \(version - 1)"
        )
        self.kind = kind
        self.version = version
        self.upgrades = upgrades
    }

    /// The oldest version that can still be read.
    public var oldestVersion: Int { version - upgrades.count }

    /// - Parameter secrets: how secrets are written; nil: what has any is refused.
    public func encode(_ value: Value, secrets: (any SecretCoding)? = nil) throws(StoreError) -> [UInt8] {
        do {
            return [UInt8](try encoder(secrets).encode(Envelope(v: version, kind: kind, data: value)))
        } catch {
            throw StoreError(.invalid, "this \(kind) can't be written as JSON", detail: "\(error)")
        }
    }

    /// The operation that stores a value.
    public func put(_ key: StoreKey, _ value: Value) throws(StoreError) -> StoreOperation {
        .put(key, try encode(value))
    }

    /// - Parameter key: named in the error.
    /// - Throws: ``StoreError/Code/unreadable``.
    public func decode(
        _ bytes: [UInt8], key: StoreKey? = nil, secrets: (any SecretCoding)? = nil
    ) throws(StoreError) -> Value {
        do {
            return try read(Data(bytes), decoder(secrets))
        } catch let problem as RecordProblem {
            throw unreadable(problem.text, hint: problem.hint, key: key)
        } catch {
            throw unreadable("\(error)", hint: RecordProblem.keep, key: key)
        }
    }

    private func read(_ bytes: Data, _ decoder: JSONDecoder) throws -> Value {
        let header = try decoder.decode(Header.self, from: bytes)
        guard header.kind == kind else { throw RecordProblem.kind(header.kind, wanted: kind) }
        guard header.v <= version else { throw RecordProblem.newer(header.v, known: version) }
        guard header.v >= oldestVersion else { throw RecordProblem.older(header.v, oldest: oldestVersion) }
        if header.v == version { return try decoder.decode(Envelope<Value>.self, from: bytes).data }
        var data = try decoder.decode(Envelope<RecordUpgrade.Object>.self, from: bytes).data
        for upgrade in upgrades where upgrade.from >= header.v { data = try upgrade.apply(data) }
        return try decoder.decode(Value.self, from: try encoder(nil).encode(data))
    }

    private func decoder(_ secrets: (any SecretCoding)?) -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.userInfo[.secrets] = secrets
        return decoder
    }

    private func encoder(_ secrets: (any SecretCoding)?) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.userInfo[.secrets] = secrets
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    private func unreadable(_ why: String, hint: String, key: StoreKey?) -> StoreError {
        StoreError(
            .unreadable, "a stored \(kind) can't be read", detail: key.map { "\($0): \(why)" } ?? why, hint: hint,
            key: key)
    }
}

private struct Header: Decodable {
    let v: Int
    let kind: String
}

private struct Envelope<Content: Codable>: Codable {
    let v: Int
    let kind: String
    let data: Content
}

private struct RecordProblem: Error {
    static let keep = "the stored bytes were left as they are; copy them before you change them"

    let text: String
    let hint: String

    static func kind(_ found: String, wanted: String) -> RecordProblem {
        RecordProblem(text: "it is of the kind \(found.debugDescription), not \(wanted)", hint: keep)
    }

    static func newer(_ found: Int, known: Int) -> RecordProblem {
        RecordProblem(
            text: "it is of version \(found); this program knows up to \(known)",
            hint: "a newer foundry wrote it: install that version again; the stored bytes were left as they are")
    }

    static func older(_ found: Int, oldest: Int) -> RecordProblem {
        RecordProblem(
            text: "it is of version \(found); this program reads from \(oldest) on",
            hint: "install an older foundry, which upgrades it, first; the stored bytes were left as they are")
    }
}
