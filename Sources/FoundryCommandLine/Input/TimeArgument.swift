/// A length of time as a command takes it: `500ms`, `90s`, `2m`, `1h`; a bare number means seconds.
public struct TimeArgument: Hashable, Sendable {
    public static let longest = Duration.seconds(86_400)

    public let duration: Duration

    public init(_ duration: Duration) { self.duration = duration }

    /// - Returns: nil when it is no length of time, is nothing, or passes a day.
    public init?(parsing text: String) {
        let units: [(suffix: String, milliseconds: Double)] = [
            ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000),
        ]
        let unit = units.first { text.hasSuffix($0.suffix) } ?? (suffix: "", milliseconds: 1_000)
        let number = text.dropLast(unit.suffix.count)
        guard !number.isEmpty, number.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let value = Double(number)
        else { return nil }
        let milliseconds = value * unit.milliseconds
        guard milliseconds >= 1, milliseconds <= 86_400_000 else { return nil }
        duration = .milliseconds(Int64(milliseconds))
    }

    /// `90s`, `1.5s`
    public var description: String {
        let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }
}
