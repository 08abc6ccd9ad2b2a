import FoundryModel
import FoundryRules

/// Reads what a manifest says about checks: by Cloud Foundry's fields, or by a group of ours that has all of one check.
enum ManifestHealth {
    /// - Throws: `health_invalid`, and what a wrong type is refused with.
    static func read(_ fields: inout FieldReader, into request: inout PushRequest) throws(FoundryError) {
        request.health = try check(&fields, "health-check")
        let timeout = try milliseconds(&fields, "timeout")
        request.health.startPeriodMilliseconds = try one(
            timeout, request.health.startPeriodMilliseconds, fields.place("timeout"))
        request.readiness = try check(&fields, "readiness-health-check")
    }

    static func kind(_ fields: inout FieldReader, _ name: String) throws(FoundryError) -> HealthCheckKind? {
        guard let word = try fields.text(name) else { return nil }
        guard let kind = HealthCheckKind(rawValue: word) else {
            throw FoundryError(
                .healthInvalid, "\(fields.place(name)) '\(word.prefix(40))' is not done here.",
                hint: "one of \(HealthCheckKind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return kind
    }

    /// `500ms`, `2s`, `1m`, `1.5s`; a bare number is seconds.
    static func milliseconds(_ fields: inout FieldReader, _ name: String) throws(FoundryError) -> Int64? {
        guard let text = try fields.quantity(name) else { return nil }
        guard let milliseconds = DurationText.milliseconds(text) else {
            throw FoundryError(
                .healthInvalid, "\(fields.place(name)) '\(text.prefix(40))' is not a length of time.",
                hint: "500ms, 2s, 1m")
        }
        return milliseconds
    }

    private static func check(_ fields: inout FieldReader, _ name: String) throws(FoundryError) -> HealthRequest {
        var request = HealthRequest(
            kind: try kind(&fields, name + "-type"), path: try fields.text(name + "-http-endpoint"),
            command: try fields.text(name + "-command"),
            intervalMilliseconds: try milliseconds(&fields, name + "-interval"),
            timeoutMilliseconds: try milliseconds(&fields, name + "-invocation-timeout"))
        guard var group = try fields.fields(name) else { return request }
        request.kind = try one(request.kind, try kind(&group, "type"), group.place("type"))
        request.path = try one(request.path, try group.text("http-endpoint"), group.place("http-endpoint"))
        request.command = try one(request.command, try group.text("command"), group.place("command"))
        request.startPeriodMilliseconds = try milliseconds(&group, "start-period")
        request.intervalMilliseconds = try one(
            request.intervalMilliseconds, try milliseconds(&group, "interval"), group.place("interval"))
        request.timeoutMilliseconds = try one(
            request.timeoutMilliseconds, try milliseconds(&group, "timeout"), group.place("timeout"))
        try group.finish()
        return request
    }

    private static func one<Value>(_ value: Value?, _ other: Value?, _ place: String) throws(FoundryError) -> Value? {
        guard value == nil || other == nil else {
            throw FoundryError(.healthInvalid, "\(place) is said twice, in two places.", hint: "leave one out")
        }
        return value ?? other
    }
}
