import FoundryModel

/// What `-c` takes: a JSON object of texts, whole numbers and flags, or the file that holds one.
public enum ParameterText {
    public static let largest = 64 << 10

    /// - Parameter argument: the object itself, or a file's name; `-` means the standard input.
    /// - Throws: `bad_request`, with the line and the column.
    public static func read(_ argument: String?) throws(FoundryError) -> [String: ParameterValue]? {
        guard let argument else { return nil }
        guard !argument.drop(while: \.isWhitespace).hasPrefix("{") else { return try parse(argument, name: "-c") }
        return try parse(try InputFile.text(of: argument, limit: largest), name: argument)
    }

    static func parse(_ text: String, name: String) throws(FoundryError) -> [String: ParameterValue] {
        var reader = ParameterReader(Array(text.unicodeScalars), name: name)
        return try reader.object()
    }
}

/// - Source: RFC 8259.
private struct ParameterReader {
    private let scalars: [Unicode.Scalar]
    private let name: String
    private var next = 0

    init(_ scalars: [Unicode.Scalar], name: String) {
        self.scalars = scalars
        self.name = name
    }

    mutating func object() throws(FoundryError) -> [String: ParameterValue] {
        var values: [String: ParameterValue] = [:]
        try take("{", "an object begins with {")
        skipBlanks()
        if scalars[safe: next] == "}" {
            next += 1
        } else {
            repeat {
                skipBlanks()
                let place = next
                let key = try text("a parameter's name stands in double quotes")
                guard values[key] == nil else { throw problem("'\(key)' stands here twice", at: place) }
                try take(":", "a name is followed by a colon")
                values[key] = try value(of: key)
                skipBlanks()
            } while takes(",")
            try take("}", "a comma or } is missing")
        }
        skipBlanks()
        guard next == scalars.count else { throw problem("there is something behind the object") }
        return values
    }

    private mutating func value(of key: String) throws(FoundryError) -> ParameterValue {
        skipBlanks()
        let place = next
        switch scalars[safe: next] {
        case "\"": return .text(try text("a text stands in double quotes"))
        case "{", "[":
            throw problem("'\(key)' is a list or an object; a parameter is a text, a whole number, true or false")
        default: break
        }
        var word = ""
        while let scalar = scalars[safe: next], scalar.isASCII,
            scalar.properties.isAlphabetic || "+-.0123456789".unicodeScalars.contains(scalar)
        {
            word.unicodeScalars.append(scalar)
            next += 1
        }
        switch word {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default:
            guard let number = Int64(word), "\(number)" == word else {
                throw problem(
                    "'\(key)' is no text in double quotes, no whole number, and neither true nor false", at: place)
            }
            return .integer(number)
        }
    }

    private mutating func text(_ expectation: String) throws(FoundryError) -> String {
        try take("\"", expectation)
        var result = String.UnicodeScalarView()
        while let scalar = scalars[safe: next] {
            next += 1
            switch scalar {
            case "\"": return String(result)
            case "\\": result.append(try escaped())
            case "\n", "\r": throw problem("a text ends on the line on which it begins", at: next - 1)
            default: result.append(scalar)
            }
        }
        throw problem("the closing quote is missing")
    }

    private mutating func escaped() throws(FoundryError) -> Unicode.Scalar {
        let place = next - 1
        next += 1
        switch scalars[safe: next - 1] {
        case "\"": return "\""
        case "\\": return "\\"
        case "/": return "/"
        case "b": return "\u{8}"
        case "f": return "\u{c}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            let digits = scalars[min(next, scalars.count)..<min(next + 4, scalars.count)]
            next += 4
            var text = ""
            text.unicodeScalars.append(contentsOf: digits)
            guard digits.count == 4, let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) else {
                throw problem("\\u is followed by four hexadecimal digits of one character", at: place)
            }
            return scalar
        default: throw problem("no such escape", at: place)
        }
    }

    private mutating func skipBlanks() {
        while let scalar = scalars[safe: next], " \t\r\n".unicodeScalars.contains(scalar) { next += 1 }
    }

    private mutating func takes(_ scalar: Unicode.Scalar) -> Bool {
        guard scalars[safe: next] == scalar else { return false }
        next += 1
        return true
    }

    private mutating func take(_ scalar: Unicode.Scalar, _ expectation: String) throws(FoundryError) {
        skipBlanks()
        guard takes(scalar) else { throw problem(expectation) }
    }

    private func problem(_ words: String, at place: Int? = nil) -> FoundryError {
        let before = scalars[..<min(place ?? next, scalars.count)]
        let line = before.count { $0 == "\n" } + 1
        let column = before.reversed().prefix { $0 != "\n" }.count + 1
        return FoundryError(
            .badRequest, "\(name) is not the JSON of parameters: line \(line), column \(column): \(words).",
            hint: #"-c '{"max_connections": 200}'"#)
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
