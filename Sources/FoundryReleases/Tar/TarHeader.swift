/// One entry of a tar archive: a plain file or a directory, and nothing else.
///
/// - Source: POSIX.1-1988 "ustar"; no extensions.
struct TarHeader: Hashable, Sendable {
    static let size = 512

    var path: String
    var isDirectory: Bool
    var isExecutable: Bool
    var bytes: Int64

    /// Owner 0, no time, 0644 or 0755: the same for everybody who makes it.
    ///
    /// - Returns: nil when the path is too long for the format.
    var encoded: [UInt8]? {
        let name = Array((isDirectory ? path + "/" : path).utf8)
        guard let (prefix, rest) = Self.split(name), bytes < 1 << 33 else { return nil }
        var block = [UInt8](repeating: 0, count: Self.size)
        block.replaceSubrange(0..<rest.count, with: rest)
        Self.octal(isDirectory || isExecutable ? 0o755 : 0o644, 7, at: 100, in: &block)
        for field in [108, 116] { Self.octal(0, 7, at: field, in: &block) }
        Self.octal(isDirectory ? 0 : bytes, 11, at: 124, in: &block)
        Self.octal(0, 11, at: 136, in: &block)
        block.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
        block[156] = UInt8(ascii: isDirectory ? "5" : "0")
        block.replaceSubrange(257..<265, with: Array("ustar\u{0}00".utf8))
        block.replaceSubrange(345..<(345 + prefix.count), with: prefix)
        let sum = block.reduce(Int64(0)) { $0 + Int64($1) }
        Self.octal(sum, 6, at: 148, in: &block)
        block[154] = 0
        return block
    }

    /// How many bytes stand behind the last one up to the next header.
    var padding: Int { isDirectory ? 0 : Int((512 - bytes % 512) % 512) }

    private static func split(_ name: [UInt8]) -> (prefix: [UInt8], rest: [UInt8])? {
        if name.count <= 100 { return ([], name) }
        for index in name.indices.dropLast() where name[index] == 0x2f && name.count - index - 1 <= 100 {
            return index <= 155 ? (Array(name[..<index]), Array(name[(index + 1)...])) : nil
        }
        return nil
    }

    private static func octal(_ value: Int64, _ digits: Int, at place: Int, in block: inout [UInt8]) {
        let text = Array(String(value, radix: 8).utf8)
        block.replaceSubrange(
            place..<(place + digits), with: [UInt8](repeating: 0x30, count: digits - text.count) + text)
    }

    enum Reading: Hashable {
        case entry(TarHeader)
        /// A block of zeros.
        case end
        /// Why it is not taken.
        case refused(String)
    }

    /// - Parameter block: 512 bytes.
    static func read(_ block: ArraySlice<UInt8>) -> Reading {
        let block = Array(block)
        if block.allSatisfy({ $0 == 0 }) { return .end }
        let sum = block.enumerated().reduce(Int64(0)) {
            $0 + Int64((148..<156).contains($1.offset) ? 0x20 : $1.element)
        }
        guard Array(block[257..<262]) == Array("ustar".utf8), number(block[148..<156]) == sum else {
            return .refused("is no archive of files")
        }
        guard let name = text(block[0..<100]), let prefix = text(block[345..<500]), let size = number(block[124..<136]),
            let mode = number(block[100..<108])
        else { return .refused("has an entry that cannot be read") }
        let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
        let kind = block[156]
        let isDirectory = kind == UInt8(ascii: "5")
        guard isDirectory || kind == UInt8(ascii: "0") || kind == 0 else {
            return .refused("has an entry that is neither a file nor a directory: \(path.prefix(80))")
        }
        guard !isDirectory || size == 0, mode & ~0o777 == 0 else {
            return .refused("has an entry of a strange kind: \(path.prefix(80))")
        }
        let plain = isDirectory && path.hasSuffix("/") ? String(path.dropLast()) : path
        return .entry(
            TarHeader(path: plain, isDirectory: isDirectory, isExecutable: mode & 0o111 != 0, bytes: size))
    }

    /// Up to the first zero; nothing stands behind it.
    private static func text(_ field: ArraySlice<UInt8>) -> String? {
        let text = field.prefix { $0 != 0 }
        guard field.dropFirst(text.count).allSatisfy({ $0 == 0 }) else { return nil }
        return String(validating: text, as: UTF8.self)
    }

    /// Octal digits that a zero or a space ends.
    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        let digits = field.prefix { (0x30...0x37).contains($0) }
        guard !digits.isEmpty, field.dropFirst(digits.count).allSatisfy({ $0 == 0 || $0 == 0x20 }) else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self), radix: 8)
    }
}
