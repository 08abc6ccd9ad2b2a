/// A piece of Swift source, as far as mutants need to tell pieces apart.
struct Token {
    enum Kind {
        case word
        case number
        /// A literal with everything in it, interpolations too.
        case text
        case symbol
        /// One of `( ) [ ] { } , ; :` and the dot before a member.
        case mark
    }

    var kind: Kind
    var text: String
    /// In bytes.
    var start: Int
    var end: Int
    /// From 1.
    var line: Int
    var isAfterSpace: Bool
    var isBeforeSpace: Bool
    var isFirstInLine: Bool
}

/// Cuts source into tokens; comments are no tokens.
struct Tokenizer {
    private let bytes: [UInt8]
    private var at = 0
    private var line = 1
    private var lastLine = 0
    private var tokens: [Token] = []

    init(_ source: String) { bytes = Array(source.utf8) }

    static func tokens(of source: String) -> [Token] {
        var tokenizer = Tokenizer(source)
        return tokenizer.all()
    }

    private mutating func all() -> [Token] {
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\n") {
                line += 1
                at += 1
            } else if Self.isSpace(byte) {
                at += 1
            } else if starts("//") {
                while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
            } else if starts("/*") {
                skipBlockComment()
            } else {
                take()
            }
        }
        return tokens
    }

    private mutating func take() {
        let (start, first) = (at, line)
        let kind = takeOne()
        tokens.append(
            Token(
                kind: kind, text: String(decoding: bytes[start..<at], as: UTF8.self), start: start, end: at,
                line: first,
                isAfterSpace: start == 0 || Self.isSpace(bytes[start - 1]),
                isBeforeSpace: at == bytes.count || Self.isSpace(bytes[at]), isFirstInLine: first != lastLine))
        lastLine = line
    }

    private mutating func takeOne() -> Token.Kind {
        let byte = bytes[at]
        if Self.isWord(byte) || byte == UInt8(ascii: "`") || byte == UInt8(ascii: "@") {
            let isNumber = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            at += 1
            while at < bytes.count, Self.isWord(bytes[at]) || bytes[at] == UInt8(ascii: "`") { at += 1 }
            return isNumber ? .number : .word
        }
        if byte == UInt8(ascii: "\"") || (byte == UInt8(ascii: "#") && starts("#\"")) {
            takeText()
            return .text
        }
        if Self.marks.contains(byte) {
            at += 1
            return .mark
        }
        at += 1
        while at < bytes.count, Self.symbols.contains(bytes[at]), Self.symbols.contains(byte) { at += 1 }
        return .symbol
    }

    private mutating func takeText() {
        let isRaw = bytes[at] == UInt8(ascii: "#")
        if isRaw { at += 1 }
        let quotes = starts("\"\"\"") ? "\"\"\"" : "\""
        let close = isRaw ? quotes + "#" : quotes
        at += quotes.utf8.count
        while at < bytes.count, !starts(close) {
            if !isRaw, starts("\\(") {
                takeInterpolation()
            } else {
                if bytes[at] == UInt8(ascii: "\n") { line += 1 }
                at += bytes[at] == UInt8(ascii: "\\") && !isRaw ? 2 : 1
            }
        }
        at += close.utf8.count
    }

    private mutating func takeInterpolation() {
        at += 2
        var depth = 1
        while at < bytes.count, depth > 0 {
            switch bytes[at] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: "\""):
                takeText()
                continue
            default: break
            }
            at += 1
        }
    }

    private mutating func skipBlockComment() {
        while at < bytes.count, !starts("*/") {
            if bytes[at] == UInt8(ascii: "\n") { line += 1 }
            at += 1
        }
        at += 2
    }

    private func starts(_ text: String) -> Bool { bytes[at...].starts(with: text.utf8) }

    private static let marks = Set("()[]{},;:.\\#".utf8)
    private static let symbols = Set("/=-+!*%<>&|^~?".utf8)
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x09 }
    private static func isWord(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5f
            || byte == 0x24 || byte >= 0x80
    }
}
