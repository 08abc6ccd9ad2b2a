import FoundryModel

/// What became of a drill.
public struct DrillReport: Hashable, Sendable, Codable {
    public struct Step: Hashable, Sendable, Codable {
        public enum Verdict: String, Hashable, Sendable, Codable {
            case passed, failed
            /// The release, or the plan, has nothing to try it with.
            case without
            /// A step before it failed.
            case skipped = "not run"
        }

        public var plan: String
        public var name: String
        public var verdict: Verdict
        public var milliseconds: Int64
        /// What was seen: of a failure, why.
        public var says: String

        public init(plan: String, name: String, verdict: Verdict, milliseconds: Int64, says: String) {
            self.plan = plan
            self.name = name
            self.verdict = verdict
            self.milliseconds = milliseconds
            self.says = says
        }
    }

    public var release: String
    public var version: String
    public var isShort: Bool
    public var startedAt: String
    public var milliseconds: Int64
    public var steps: [Step]

    public init(
        release: String, version: String, isShort: Bool, startedAt: String, milliseconds: Int64 = 0, steps: [Step] = []
    ) {
        self.release = release
        self.version = version
        self.isShort = isShort
        self.startedAt = startedAt
        self.milliseconds = milliseconds
        self.steps = steps
    }

    public var failures: [Step] { steps.filter { $0.verdict == .failed } }
    public var isPassed: Bool { failures.isEmpty && steps.contains { $0.verdict == .passed } }

    public func lines(on terminal: Terminal) -> [String] {
        var table = Table([
            .init("plan"), .init("step"), .init("seconds", .right), .init("verdict"), .init("says", isFlexible: true),
        ])
        for step in steps {
            table.add([
                .init(step.plan), .init(step.name, .strong),
                .init(step.verdict == .passed || step.verdict == .failed ? Self.seconds(step.milliseconds) : "-"),
                .init(step.verdict.rawValue, Self.style(step.verdict)), .init(step.says),
            ])
        }
        let what = "\(release) \(version)\(isShort ? ", short" : "")"
        let end =
            isPassed
            ? TextStyle.good.applied(to: "\(what): passed", on: terminal)
            : TextStyle.bad.applied(to: "\(what): \(failures.count) of \(steps.count) steps failed", on: terminal)
        return table.lines(on: terminal) + ["", "\(end), in \(Self.seconds(milliseconds)) s"]
    }

    static func seconds(_ milliseconds: Int64) -> String { "\(milliseconds / 1000).\(milliseconds % 1000 / 100)" }

    private static func style(_ verdict: Step.Verdict) -> TextStyle {
        switch verdict {
        case .passed: .good
        case .failed: .bad
        case .without, .skipped: .faint
        }
    }
}
