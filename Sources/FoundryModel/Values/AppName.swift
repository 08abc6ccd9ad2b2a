/// The name that a user gives to an app: a DNS label, so that it can become one.
///
/// Shape: 1 to 63 characters of `a-z 0-9 -`, beginning with a letter, not ending with a hyphen.
public struct AppName: CheckedText {
    public static let noun = "a name"

    public let description: String

    public init?(_ text: String) {
        guard Self.isValid(text) else { return nil }
        description = text
    }

    private static func isValid(_ text: String) -> Bool {
        let letters: ClosedRange<UInt8> = 0x61...0x7a
        let digits: ClosedRange<UInt8> = 0x30...0x39
        guard (1...63).contains(text.utf8.count), let first = text.utf8.first, let last = text.utf8.last else {
            return false
        }
        return letters.contains(first) && last != 0x2d
            && text.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == 0x2d }
    }
}
