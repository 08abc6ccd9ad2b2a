import FoundryModel
import FoundryRules

/// Reads what a manifest says about health checks.
enum ManifestHealth {
    /// - Throws: `health_invalid`, and what a wrong type is refused with.
    static func read(_ fields: inout FieldReader, into request: inout PushRequest) throws(FoundryError) {
        if let word = try fields.text("health-check-type") {
            guard let kind = HealthCheckKind(rawValue: word) else {
                throw FoundryError(
                    .healthInvalid, "\(fields.place("health-check-type")) '\(word.prefix(40))' is not done here.",
                    hint: "one of \(HealthCheckKind.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            request.health.kind = kind
        }
        guard var figures = try fields.fields("health-check") else { return }
        request.health.startPeriodMilliseconds = try milliseconds(&figures, "start-period")
        request.health.intervalMilliseconds = try milliseconds(&figures, "interval")
        request.health.timeoutMilliseconds = try milliseconds(&figures, "timeout")
        try figures.finish()
    }

    /// `500ms`, `2s`, `1m`, `1.5s`; a bare number is seconds.
    private static func milliseconds(_ fields: inout FieldReader, _ name: String) throws(FoundryError) -> Int64? {
        guard let text = try fields.quantity(name) else { return nil }
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let factors: [Substring: Double] = ["": 1_000, "ms": 1, "s": 1_000, "m": 60_000]
        guard let factor = factors[text.dropFirst(digits.count)], let number = Double(digits), number.isFinite,
            number * factor < 1e12
        else {
            throw FoundryError(
                .healthInvalid, "\(fields.place(name)) '\(text.prefix(40))' is not a length of time.",
                hint: "500ms, 2s, 1m")
        }
        return Int64(number * factor)
    }
}
