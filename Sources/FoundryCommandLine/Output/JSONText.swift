import FoundryClient

/// JSON as `--output json` prints it: as the API writes it, with sorted keys, so that two answers can be compared as text.
public enum JSONText {
    /// Over several lines, without a newline at the end.
    public static func document(_ value: some Encodable) throws -> String {
        String(decoding: try WireJSON.encodePretty(value), as: UTF8.self)
    }

    /// On one line, for streams.
    public static func line(_ value: some Encodable) throws -> String {
        String(decoding: try WireJSON.encode(value), as: UTF8.self)
    }
}
