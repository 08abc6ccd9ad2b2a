/// A length of time of hours to years: `12h`, `30d`; a bare number means seconds.
public struct LongTimeArgument: Hashable, Sendable {
    private static let longestSeconds: Int64 = 10 * 366 * 86_400

    public static let hour = Self(seconds: 3_600)

    public let seconds: Int64

    private init(seconds: Int64) { self.seconds = seconds }

    /// - Returns: nil when it is no length of time, is less than a second, or passes ten years.
    public init?(parsing text: String) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        let unit = text.last.flatMap { units[$0] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(digits),
            case let (seconds, overflow) = count.multipliedReportingOverflow(by: unit ?? 1), !overflow,
            (1...Self.longestSeconds).contains(seconds)
        else { return nil }
        self.seconds = seconds
    }
}
