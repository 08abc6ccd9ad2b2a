import FoundryClient
import FoundryModel

/// Finds out the JSON schema of a type of the API by having it decoded: what it asks for is what it consists of.
///
/// So the schemas cannot differ from what is read and written. Objects with a name of their own are told once, and referred to.
final class SchemaReader {
    /// By name: `AppSummary`, `JobAnswer.Subject`.
    private(set) var named: [String: JSONNode] = [:]

    /// - Returns: its schema, or a reference to it.
    /// - Throws: when the type cannot be had from what is asked for, as one that checks its values further would.
    func schema<Value: Decodable>(_ type: Value.Type) throws -> JSONNode { try sample(type).schema }

    fileprivate func sample<Value: Decodable>(_ type: Value.Type) throws -> (schema: JSONNode, value: Value) {
        if type == WireTime.self, let time = WireTime(parsing: "2026-01-01T00:00:00Z") as? Value {
            return (["type": "string", "format": "date-time"], time)
        }
        if type == WireValue.self, let value = WireValue.null as? Value { return ([:], value) }
        if type == ParameterValue.self, let value = ParameterValue.boolean(true) as? Value {
            return (["anyOf": [["type": "integer"], ["type": "boolean"], ["type": "string"]]], value)
        }
        if let kind = type as? any StringEnumeration.Type, let value = kind.first as? Value {
            return (["type": "string", "enum": .list(kind.words.map { .text($0) })], value)
        }
        if let map = type as? any StringMap.Type, let value = map.none as? Value {
            return (["type": "object", "additionalProperties": try map.valueSchema(self)], value)
        }
        let decoder = SampleDecoder(reader: self)
        let value = try Value(from: decoder)
        guard !decoder.fields.isEmpty || decoder.schema == nil else { return (decoder.schema ?? [:], value) }
        let object = Self.object(decoder)
        guard let name = Self.name(type) else { return (object, value) }
        named[name] = object
        return (["$ref": "#/components/schemas/\(name)"], value)
    }

    private static func object(_ decoder: SampleDecoder) -> JSONNode {
        var properties = decoder.fields
        for name in decoder.optional {
            guard let schema = properties[name] else { continue }
            // What stands beside a reference is not read.
            let isReference = if case .object(let fields) = schema { fields["$ref"] != nil } else { false }
            properties[name] = isReference ? ["allOf": [schema], "nullable": true] : schema.with(["nullable": true])
        }
        let required = Set(properties.keys).subtracting(decoder.optional).sorted()
        var object: [String: JSONNode] = ["type": "object", "properties": .object(properties)]
        // An empty list is not allowed there.
        if !required.isEmpty { object["required"] = .list(required.map { .text($0) }) }
        return .object(object)
    }

    /// - Returns: nil for a generic type: it is told where it is used.
    private static func name(_ type: Any.Type) -> String? {
        let name = String(reflecting: type)
        return name.contains("<") ? nil : name.split(separator: ".").dropFirst().joined(separator: ".")
    }
}

/// Answers whatever it is asked for, and notes what that was.
private final class SampleDecoder: Decoder {
    let reader: SchemaReader
    var fields: [String: JSONNode] = [:]
    var optional: Set<String> = []
    /// Of what is no object.
    var schema: JSONNode?

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(reader: SchemaReader) { self.reader = reader }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Fields<Key>(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { Items(decoder: self) }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { Single(decoder: self) }
}

private struct Fields<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: SampleDecoder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }

    /// Asked for what may be missing; the value is asked for next.
    func decodeNil(forKey key: Key) throws -> Bool {
        decoder.optional.insert(WireName.of(key.stringValue))
        return false
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        let (schema, value) = try decoder.reader.sample(type)
        decoder.fields[WireName.of(key.stringValue)] = schema
        return value
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw Unknown() }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw Unknown() }
    func superDecoder() throws -> any Decoder { throw Unknown() }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw Unknown() }
}

/// A list with one item.
private struct Items: UnkeyedDecodingContainer {
    let decoder: SampleDecoder
    var codingPath: [any CodingKey] { [] }
    var count: Int? { 1 }
    var currentIndex = 0
    var isAtEnd: Bool { currentIndex > 0 }

    init(decoder: SampleDecoder) {
        self.decoder = decoder
        decoder.schema = ["type": "array", "items": [:]]
    }

    mutating func decodeNil() throws -> Bool { false }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (schema, value) = try decoder.reader.sample(type)
        decoder.schema = ["type": "array", "items": schema]
        currentIndex += 1
        return value
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { throw Unknown() }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Unknown() }
    mutating func superDecoder() throws -> any Decoder { throw Unknown() }
}

private struct Single: SingleValueDecodingContainer {
    let decoder: SampleDecoder
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { false }
    func decode(_ type: Bool.Type) throws -> Bool { take("boolean", false) }
    func decode(_ type: String.Type) throws -> String { take("string", "") }
    func decode(_ type: Double.Type) throws -> Double { take("number", 0) }
    func decode(_ type: Float.Type) throws -> Float { take("number", 0) }
    func decode(_ type: Int.Type) throws -> Int { take("integer", 0) }
    func decode(_ type: Int8.Type) throws -> Int8 { take("integer", 0) }
    func decode(_ type: Int16.Type) throws -> Int16 { take("integer", 0) }
    func decode(_ type: Int32.Type) throws -> Int32 { take("integer", 0) }
    func decode(_ type: Int64.Type) throws -> Int64 { take("integer", 0) }
    func decode(_ type: UInt.Type) throws -> UInt { take("integer", 0) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { take("integer", 0) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { take("integer", 0) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { take("integer", 0) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { take("integer", 0) }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (schema, value) = try decoder.reader.sample(type)
        decoder.schema = schema
        return value
    }

    private func take<Value>(_ kind: String, _ value: Value) -> Value {
        decoder.schema = ["type": .text(kind)]
        return value
    }
}

private struct Unknown: Error {}

/// Of which only certain words are written.
private protocol StringEnumeration {
    static var words: [String] { get }
    static var first: Any? { get }
}

extension JobAnswer.State: StringEnumeration {
    static var words: [String] { allCases.map(\.rawValue) }
    static var first: Any? { allCases.first }
}

/// A dictionary: its keys are anybody's.
private protocol StringMap {
    static var none: Any { get }
    static func valueSchema(_ reader: SchemaReader) throws -> JSONNode
}

extension Dictionary: StringMap where Key == String, Value: Decodable {
    fileprivate static var none: Any { Self() }
    fileprivate static func valueSchema(_ reader: SchemaReader) throws -> JSONNode {
        let schema = try reader.schema(Value.self)
        return Value.self is any Absence.Type ? ["allOf": [schema], "nullable": true] : schema
    }
}

/// An optional.
private protocol Absence {}
extension Optional: Absence {}

/// `createdAt` is `created_at` on the wire.
private enum WireName {
    static func of(_ name: String) -> String {
        name.reduce(into: "") { text, letter in
            if letter.isUppercase { text += "_" }
            text += letter.lowercased()
        }
    }
}
