/// What can be told of YAML without a parser, which recurses.
public enum YAMLBounds {
    /// How deep brackets lie in each other at most, wherever they stand.
    public static func deepestFlow(_ bytes: [UInt8]) -> Int {
        var depth = 0
        var deepest = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
            default: break
            }
            deepest = max(deepest, depth)
        }
        return deepest
    }

    /// How many blanks and marks of lists a line begins with at most: blocks lie no deeper in each other.
    public static func longestIndent(_ bytes: [UInt8]) -> Int {
        let marks: Set<UInt8> = Set(" \t-?:".utf8)
        var length: Int? = 0
        var longest = 0
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                length = 0
            } else if let before = length {
                length = marks.contains(byte) ? before + 1 : nil
                longest = max(longest, length ?? before)
            }
        }
        return longest
    }

    /// How many aliases there are at most: an asterisk with a name, where a value or a key may begin.
    public static func aliases(_ bytes: [UInt8]) -> Int {
        let beginnings: Set<UInt8> = Set(" \t\r\n[{,:-?".utf8)
        return bytes.indices.count { index in
            bytes[index] == UInt8(ascii: "*") && (index == 0 || beginnings.contains(bytes[index - 1]))
                && index + 1 < bytes.count && bytes[index + 1] > 0x20
        }
    }
}
