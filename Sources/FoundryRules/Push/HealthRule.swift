import FoundryModel

/// Turns what is asked of checks into checks, with the defaults that are left open.
public enum HealthRule {
    public static let startPeriods: ClosedRange<Int64> = 0...3_600_000
    public static let intervals: ClosedRange<Int64> = 100...3_600_000
    public static let timeouts: ClosedRange<Int64> = 10...60_000
    static let mostFailures = 100
    static let longestPath = 2_048
    static let longestCommand = 4_096

    /// - Parameter port: that the route leads to; nil: none.
    /// - Throws: `health_invalid`.
    public static func liveness(
        _ request: HealthRequest, image: ResolvedImage, port: Int?
    ) throws(FoundryError) -> HealthCheck {
        guard let asks = try question(request, image, port) else {
            return try withFigures(of: request, ImageChecks.check(image, port: port))
        }
        return try withFigures(of: request, defaults(asks))
    }

    /// - Returns: nil: the route leads to every member that runs.
    /// - Throws: `health_invalid`.
    public static func readiness(
        _ request: HealthRequest, image: ResolvedImage, port: Int?
    ) throws(FoundryError) -> HealthCheck? {
        guard let asks = try question(request, image, port) else {
            guard request == HealthRequest() else {
                throw invalid("A readiness check needs a type.", "--readiness-health-check-type http")
            }
            return nil
        }
        guard asks != .process else { return nil }
        return try withFigures(of: request, defaults(asks))
    }

    static func within(_ limits: ClosedRange<Int64>, _ value: Int64?, or other: Int64) -> Int64 {
        min(max(value ?? other, limits.lowerBound), limits.upperBound)
    }

    /// A program costs more than a connection does.
    static func defaults(_ asks: HealthQuestion) -> HealthCheck {
        guard case .command = asks else { return HealthCheck(asks) }
        return HealthCheck(asks, intervalMilliseconds: 10_000, timeoutMilliseconds: 5_000)
    }

    /// - Returns: nil: nobody said what to ask.
    private static func question(
        _ request: HealthRequest, _ image: ResolvedImage, _ port: Int?
    ) throws(FoundryError) -> HealthQuestion? {
        let kind = request.kind ?? (request.command != nil ? .command : request.path != nil ? .http : nil)
        guard request.path == nil || kind == .http else {
            throw invalid("An endpoint is for checks of the type http.", "health-check-type http")
        }
        guard request.command == nil || kind == .command else {
            throw invalid("A command is for checks of the type command.", "health-check-type command")
        }
        switch kind {
        case nil: return nil
        case .process: return .process
        case .port: return port.map { .port($0) } ?? .process
        case .http: return .http(port: try needed(port, "http"), path: try path(request.path ?? "/"))
        case .command: return .command(ImageChecks.shell(try command(request.command)))
        case .engine:
            guard let engine = ImageChecks.engineProtocol(image) else {
                throw invalid(
                    "The image \(image.name) names no protocol in which its engine could be asked.",
                    "health-check-type port")
            }
            return .engine(engine, port: try needed(port, "engine"))
        }
    }

    private static func needed(_ port: Int?, _ kind: String) throws(FoundryError) -> Int {
        guard let port else {
            throw invalid("A check of the type \(kind) needs a port, and the image names none.", "--target-port PORT")
        }
        return port
    }

    private static func path(_ text: String) throws(FoundryError) -> String {
        guard text.hasPrefix("/"), text.utf8.count <= longestPath, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else {
            throw invalid(
                "'\(text.prefix(80))' is not the path of an endpoint: it begins with / and has no spaces.",
                "--health-check-http-endpoint /health")
        }
        return text
    }

    private static func command(_ text: String?) throws(FoundryError) -> String {
        guard let text, !text.isEmpty, text.utf8.count <= longestCommand, !text.utf8.contains(0) else {
            throw invalid(
                "A check of the type command needs a line for /bin/sh, of 1 to \(longestCommand) bytes.",
                "--health-check-command 'test -e /data/ready'")
        }
        return text
    }

    private static func withFigures(
        of request: HealthRequest, _ check: HealthCheck
    ) throws(FoundryError) -> HealthCheck {
        var check = check
        check.startPeriodMilliseconds =
            try figure(request.startPeriodMilliseconds, "start-period", startPeriods) ?? check.startPeriodMilliseconds
        check.intervalMilliseconds =
            try figure(request.intervalMilliseconds, "interval", intervals) ?? check.intervalMilliseconds
        check.timeoutMilliseconds =
            try figure(request.timeoutMilliseconds, "timeout", timeouts) ?? check.timeoutMilliseconds
        return check
    }

    /// - Throws: `health_invalid`.
    static func withinLimits(_ check: HealthCheck) throws(FoundryError) -> HealthCheck {
        _ = try figure(check.startPeriodMilliseconds, "start-period", startPeriods)
        _ = try figure(check.intervalMilliseconds, "interval", intervals)
        _ = try figure(check.timeoutMilliseconds, "timeout", timeouts)
        return check
    }

    private static func figure(
        _ value: Int64?, _ what: String, _ limits: ClosedRange<Int64>
    ) throws(FoundryError) -> Int64? {
        guard let value else { return nil }
        guard limits.contains(value) else {
            throw invalid(
                "The health check's \(what) of \(value) ms is outside its limits, \(limits.lowerBound) to \(limits.upperBound) ms.",
                "leave it out for the default")
        }
        return value
    }

    private static func invalid(_ message: String, _ hint: String) -> FoundryError {
        FoundryError(.healthInvalid, message, hint: hint)
    }
}
