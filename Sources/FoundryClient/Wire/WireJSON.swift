#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How the API writes JSON: names in `snake_case`, as Cloud Foundry's; slashes as they are; keys sorted, so equal answers are equal bytes.
///
/// The names come from the properties, so a property must not end in an abbreviation in capitals: `appGuid`, not `appGUID`.
/// The keys of dictionaries (environment variables) are not touched. Orders and reports of cells are not written with this, but as the model's
/// types are.
public enum WireJSON {
    public static func encode(_ value: some Encodable) throws -> Data { try encoder().encode(value) }

    /// With line breaks and indents, for people.
    public static func encodePretty(_ value: some Encodable) throws -> Data {
        let encoder = encoder()
        encoder.outputFormatting.insert(.prettyPrinted)
        return try encoder.encode(value)
    }

    public static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: data)
    }

    private static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
