import FoundryModel
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads JSON of any shape.
enum ManifestJSON {
    /// - Throws: `not_json`; `bad_request` when it is too large or too deep.
    static func read(_ bytes: [UInt8]) throws(FoundryError) -> ManifestValue {
        let decoder = JSONDecoder()
        decoder.userInfo[.remaining] = Remaining()
        do {
            return try decoder.decode(Node.self, from: Data(bytes)).value
        } catch let error as FoundryError {
            throw error
        } catch {
            throw FoundryError(.notJSON, "The body is not JSON.", detail: "\(error)".prefix(400).description, hint: "send JSON, or YAML as application/x-yaml")
        }
    }

    /// How many more values are taken.
    private final class Remaining: Sendable {
        private let count = Mutex(ManifestLimits.values)

        func takeOne(_ depth: Int) throws {
            let isOver = count.withLock { count in
                count -= 1
                return count < 0
            }
            guard !isOver, depth <= ManifestLimits.depth else { throw ManifestTooLarge.error }
        }
    }

    private struct Node: Decodable {
        let value: ManifestValue

        init(from decoder: any Decoder) throws {
            try (decoder.userInfo[.remaining] as? Remaining)?.takeOne(decoder.codingPath.count)
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                value = .null
            } else if let text = try? container.decode(String.self) {
                value = .scalar(text, .text)
            } else if let flag = try? container.decode(Bool.self) {
                value = .scalar("\(flag)", .boolean)
            } else if let number = try? container.decode(Int64.self) {
                value = .scalar("\(number)", .integer)
            } else if let number = try? container.decode(Double.self) {
                value = .scalar("\(number)", .number)
            } else if let keyed = try? decoder.container(keyedBy: AnyKey.self) {
                value = .map(try keyed.allKeys.sorted { $0.stringValue < $1.stringValue }.map { key in
                    .init(key: key.stringValue, value: try keyed.decode(Node.self, forKey: key).value)
                })
            } else {
                var unkeyed = try decoder.unkeyedContainer()
                var items: [ManifestValue] = []
                while !unkeyed.isAtEnd { items.append(try unkeyed.decode(Node.self).value) }
                value = .list(items)
            }
        }
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

enum ManifestTooLarge {
    static let error = FoundryError(
        .badRequest, "The manifest has more than \(ManifestLimits.values) values, or is nested more than \(ManifestLimits.depth) deep.",
        hint: "a manifest names at most \(ManifestLimits.applications) applications")
}

extension CodingUserInfoKey {
    fileprivate static let remaining: CodingUserInfoKey = {
        guard let key = CodingUserInfoKey(rawValue: "foundry.remaining") else { preconditionFailure("a key may have any name") }
        return key
    }()
}
