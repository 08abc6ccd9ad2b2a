import FoundryModel
import FoundryRules

/// Reads what a change of a process says about its checks.
enum ProcessHealth {
    /// Cloud Foundry's own fields that are not changed here.
    private static let elsewhere = [
        "command": "the image says its command", "metadata": "leave it out", "version": "leave it out",
        "user": "the image says its user",
    ]

    /// - Returns: nil for what stays as it is.
    /// - Throws: `not_json`, `unknown_field`, `wrong_type`, `health_invalid`.
    static func read(_ body: [UInt8]) throws(FoundryError) -> (liveness: HealthRequest?, readiness: HealthRequest?) {
        var fields = try FieldReader(try ManifestJSON.read(body), path: "")
        let liveness = try check(&fields, "health_check")
        let readiness = try check(&fields, "readiness_health_check")
        try fields.finish(elsewhere: elsewhere)
        return (liveness, readiness)
    }

    private static func check(_ fields: inout FieldReader, _ name: String) throws(FoundryError) -> HealthRequest? {
        guard var check = try fields.fields(name) else { return nil }
        var request = HealthRequest(kind: try ManifestHealth.kind(&check, "type"))
        if var data = try check.fields("data") {
            request.path = try data.text("endpoint")
            request.command = try data.text("command")
            request.startPeriodMilliseconds = try ManifestHealth.milliseconds(&data, "timeout")
            request.timeoutMilliseconds = try ManifestHealth.milliseconds(&data, "invocation_timeout")
            request.intervalMilliseconds = try ManifestHealth.milliseconds(&data, "interval")
            try data.finish()
        }
        try check.finish()
        return request
    }
}
