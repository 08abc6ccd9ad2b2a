import FoundryModel

/// A moment on the wire, as RFC 3339 says, in UTC with milliseconds: `2026-11-21T08:30:00.250Z`.
public struct WireTime: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public let timestamp: Timestamp

    public init(_ timestamp: Timestamp) { self.timestamp = timestamp }

    /// - Returns: nil when the text is not RFC 3339 in UTC, with or without a fraction.
    public init?(parsing text: String) {
        guard text.hasSuffix("Z") else { return nil }
        let halves = text.dropLast().split(separator: "T", omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        let date = halves[0].split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
        let pieces = halves[1].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let clock = pieces[0].split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        guard date.count == 3, clock.count == 3, let year = date[0], let month = date[1], let day = date[2],
            let hour = clock[0], let minute = clock[1], let second = clock[2],
            (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        var milliseconds: Int64 = 0
        if pieces.count == 2 {
            guard (1...9).contains(pieces[1].count), let value = Int64((pieces[1] + "00").prefix(3)) else { return nil }
            milliseconds = value
        }
        let seconds = Self.days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        timestamp = Timestamp(millisecondsSince1970: seconds * 1000 + milliseconds)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = Self(parsing: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a time in UTC")
        }
        self = time
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    public var description: String {
        let milliseconds = timestamp.millisecondsSince1970
        let fraction = String((milliseconds % 1000 + 1000) % 1000)
        return timestamp.description.dropLast() + "." + String(repeating: "0", count: 3 - fraction.count) + fraction
            + "Z"
    }

    public static func < (left: Self, right: Self) -> Bool { left.timestamp < right.timestamp }

    /// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`, for years after 0.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
