/// A length of time as people write it.
public enum DurationText {
    /// `500ms`, `2s`, `1m`, `1.5s`; a bare number is seconds.
    ///
    /// - Returns: nil when it is none, or longer than thirty years.
    public static func milliseconds(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let factors: [Substring: Double] = ["": 1_000, "ms": 1, "s": 1_000, "m": 60_000]
        guard let factor = factors[text.dropFirst(digits.count)], let number = Double(digits), number.isFinite,
            number * factor < 1e12
        else { return nil }
        return Int64(number * factor)
    }
}
