import FoundryModel

/// What an image says of checks, by variables of its own and by its `HEALTHCHECK`.
public enum ImageChecks {
    /// A protocol in which its engine answers: `redis`, `postgresql`, `mysql`.
    static let protocolVariable = "FOUNDRY_HEALTH_PROTOCOL"
    /// A line for `/bin/sh -c` that writes something small to the volume and ends once it is on the disk.
    static let writeProbeVariable = "FOUNDRY_WRITE_PROBE"
    static let writeProbePauseVariable = "FOUNDRY_WRITE_PROBE_INTERVAL_MS"

    /// The write probe of a workload with a disk; nil: its image declares none.
    public static func writeProbe(_ spec: WorkloadSpec) -> HealthCheck? {
        guard spec.disk != nil, let line = DeferralRule.value(of: writeProbeVariable, in: spec.image), !line.isEmpty
        else { return nil }
        let pause = DeferralRule.value(of: writeProbePauseVariable, in: spec.image).flatMap { Int64($0) } ?? 30_000
        return HealthCheck(
            .command(shell(String(line))), intervalMilliseconds: min(max(pause, 1_000), 3_600_000),
            timeoutMilliseconds: 5_000, failuresAllowed: 2)
    }

    static func engineProtocol(_ image: ResolvedImage) -> EngineProtocol? {
        DeferralRule.value(of: protocolVariable, in: image).flatMap { EngineProtocol(rawValue: String($0)) }
    }

    /// The check of an app that says nothing of it.
    ///
    /// - Parameter port: that its route leads to.
    static func check(_ image: ResolvedImage, port: Int?) -> HealthCheck {
        if let said = image.configuration.health { return check(said) }
        guard let port else { return HealthCheck(.process) }
        return HealthCheck(engineProtocol(image).map { .engine($0, port: port) } ?? .port(port))
    }

    static func shell(_ line: String) -> [String] { ["/bin/sh", "-c", line] }

    /// Docker calls a container unhealthy after the start period and then so many failures: that long may a start take here. Its own defaults, and our
    /// limits.
    private static func check(_ said: ImageHealthCheck) -> HealthCheck {
        guard !said.command.isEmpty else { return HealthCheck(.process) }
        let retries = min(max(said.retries ?? 3, 1), HealthRule.mostFailures)
        let interval = HealthRule.within(HealthRule.intervals, said.intervalMilliseconds, or: 30_000)
        let start = HealthRule.within(HealthRule.startPeriods, said.startPeriodMilliseconds, or: 0)
        return HealthCheck(
            .command(said.command),
            startPeriodMilliseconds: min(start + Int64(retries) * interval, HealthRule.startPeriods.upperBound),
            intervalMilliseconds: interval,
            timeoutMilliseconds: HealthRule.within(HealthRule.timeouts, said.timeoutMilliseconds, or: 30_000),
            failuresAllowed: retries)
    }
}
