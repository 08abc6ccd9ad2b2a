import FoundryModel

/// Reads the time at the head of a log line: `2026-11-21T01:37:55.608867258+00:00`, or with `Z`.
enum LogTime {
    /// - Returns: nil when it is no such time.
    static func parse(_ text: some Collection<UInt8>) -> Timestamp? {
        let bytes = Array(text)
        guard bytes.count >= 20, let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var rest = bytes[19...]
        var milliseconds: Int64 = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            milliseconds = number(digits.prefix(3) + Array(repeating: 0x30, count: max(0, 3 - digits.count))) ?? 0
            rest = rest.dropFirst(1 + digits.count)
        }
        guard let offset = offsetMinutes(rest) else { return nil }
        let seconds = daysSince1970(year, month, day) * 86_400 + hour * 3600 + (minute - offset) * 60 + second
        return Timestamp(millisecondsSince1970: seconds * 1000 + milliseconds)
    }

    /// `Z`, `+02:00`, `-0330`
    private static func offsetMinutes(_ text: ArraySlice<UInt8>) -> Int64? {
        guard let sign = text.first else { return nil }
        if sign == UInt8(ascii: "Z") { return 0 }
        let digits = text.dropFirst().filter { $0 != UInt8(ascii: ":") }
        guard digits.count == 4, let hours = number(digits[..<2]), let minutes = number(digits[2...]) else {
            return nil
        }
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes)
    }

    private static func number(_ digits: some Collection<UInt8>) -> Int64? {
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - 0x30)
        }
        return digits.isEmpty ? nil : value
    }

    /// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
