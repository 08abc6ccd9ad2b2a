import FoundryClient
import FoundryEffects
import FoundryModel
import FoundrySupervisor

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The certification drill of a release: a platform of its own, each plan, each step, and what came of it.
public struct ReleaseDrill: Sendable {
    /// What `foundry release test` was asked for.
    public struct Request: Sendable {
        /// The release's directory, absolute: containers are given paths in it.
        public let directory: String
        /// Names; empty: all, or the first where it is short.
        public var plans: [String]
        public var isShort: Bool
        /// The scratch directory stays, with its platform.
        public var keeps: Bool

        public init(directory: String, plans: [String], isShort: Bool, keeps: Bool) {
            self.directory = AbsolutePath.of(directory)
            self.plans = plans
            self.isShort = isShort
            self.keeps = keeps
        }
    }

    private let request: Request
    private let console: Console
    private let format: OutputFormat

    public init(_ request: Request, console: Console, format: OutputFormat) {
        self.request = request
        self.console = console
        self.format = format
    }

    /// Cancelled, it takes its platform away first.
    ///
    /// - Throws: what keeps a drill from beginning. What fails in it is in the report.
    public func run() async throws -> DrillReport {
        let drill = "\(request.directory)/drill"
        for program in ["write", "read"] {
            guard FileManager.default.isExecutableFile(atPath: "\(drill)/\(program)") else {
                throw FoundryError(
                    .releaseInvalid, "The release has no drill/\(program) that can be run.",
                    hint: "docs/guide/author-a-release.md tells what it does")
            }
        }
        ProgramPath.adopt()
        return try await Progress.show(on: console, isSilent: format == .json) { progress in
            await progress.begin("platform", "starting one of its own")
            let platform = try await DrillPlatform.begin()
            await progress.finish("platform", platform.place)
            let report: DrillReport
            do {
                report = try await self.drill(platform, drill, progress)
            } catch {
                await progress.begin("platform", "taking it away")
                try await end(platform)
                throw error
            }
            try await end(platform)
            return report
        }
    }

    private func end(_ platform: DrillPlatform) async throws {
        if !request.keeps { try await Interruption.passes { try await platform.end() } }
    }

    private func drill(
        _ platform: DrillPlatform, _ drill: String, _ progress: Progress
    ) async throws -> DrillReport {
        let began = SystemClock.monotonic()
        await progress.begin("install", request.directory)
        let release = try await platform.ask(
            ReleaseSummary.self, ["release", "install", request.directory, "--yes"], limit: .seconds(1_800))
        await progress.finish("install", "\(release.name) \(release.version)")
        var report = DrillReport(
            release: release.name, version: release.version, isShort: request.isShort,
            startedAt: SystemClock.timestamp().description)
        for plan in try plans(of: release) {
            var steps = DrillSteps(platform, release, plan, drill: drill)
            report.steps += await run(&steps, plan, progress)
            try Task.checkCancellation()
        }
        report.milliseconds = SystemClock.monotonic() - began
        return report
    }

    private func plans(of release: ReleaseSummary) throws(FoundryError) -> [ReleasePlanSummary] {
        if let unknown = request.plans.first(where: { name in !release.plans.contains { $0.name == name } }) {
            throw FoundryError(
                .planNotFound, "\(release.name) has no plan '\(unknown)'.",
                hint: "one of \(release.plans.map(\.name).joined(separator: ", "))")
        }
        if request.plans.isEmpty, request.isShort { return Array(release.plans.prefix(1)) }
        return release.plans.filter { request.plans.isEmpty || request.plans.contains($0.name) }
    }

    /// After the first that fails the others are not run.
    private func run(
        _ steps: inout DrillSteps, _ plan: ReleasePlanSummary, _ progress: Progress
    ) async -> [DrillReport.Step] {
        var results: [DrillReport.Step] = []
        for step in DrillStep.allCases where !(request.isShort && step.isLong) {
            var result = DrillReport.Step(
                plan: plan.name, name: step.rawValue, verdict: .skipped, milliseconds: 0, says: "")
            if !results.contains(where: { $0.verdict == .failed }) {
                let began = SystemClock.monotonic()
                await progress.begin(plan.name, step.rawValue)
                do {
                    result.says = try await steps.run(step)
                    result.verdict = .passed
                } catch let nothing as DrillWithout {
                    (result.verdict, result.says) = (.without, nothing.says)
                } catch {
                    // Nobody asks any more.
                    if Task.isCancelled { return results }
                    (result.verdict, result.says) = (.failed, Self.words(error))
                }
                result.milliseconds = SystemClock.monotonic() - began
                let text = "\(step.rawValue): \(result.says)"
                if result.verdict == .failed {
                    await progress.fail(plan.name, text)
                } else {
                    await progress.finish(plan.name, text)
                }
            }
            results.append(result)
        }
        if !request.keeps, results.contains(where: { $0.verdict == .failed }) { await steps.abandon() }
        return results
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as FoundryError: error.message
        case let error as DrillFailure: error.description
        default: "\(error)"
        }
    }
}
