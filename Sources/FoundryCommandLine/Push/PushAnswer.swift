import FoundryClient
import FoundryModel

/// How a push ended: the document of `foundry push --output json`, and its last line for people.
struct PushAnswer: Hashable, Sendable, Encodable {
    struct Application: Hashable, Sendable, Encodable {
        /// What was to be done, and the contract.
        var plan: PlannedApp
        /// As it is now.
        var app: AppSummary?
    }

    /// `complete`; `processing`: it was not waited for; `unchanged`: it was so before.
    enum State: String, Hashable, Sendable, Encodable {
        case complete, processing, unchanged
    }

    var state: State
    /// The guid.
    var job: String
    var applications: [Application]

    /// - Parameter isAwaited: the job has ended.
    init(isAwaited: Bool, job: JobReference, plan: PlanAnswer, apps: [AppSummary]) {
        state = !plan.applications.contains { $0.action != "none" } ? .unchanged : isAwaited ? .complete : .processing
        self.job = job.guid
        applications = plan.applications.map { planned in
            Application(plan: planned, app: apps.first { $0.name == planned.name })
        }
    }

    func lines(on terminal: Terminal) -> [String] { applications.map { line($0, on: terminal) } }

    private func line(_ application: Application, on terminal: Terminal) -> String {
        let name = TextStyle.strong.applied(to: application.plan.name, on: terminal)
        let address = (application.app?.route ?? application.plan.route)?.address
        guard state != .unchanged else { return "\(name) is so already" + (address.map { ": \($0)" } ?? "") }
        let (isChanged, plain) = (application.plan.action == "update", application.plan.name)
        guard application.app?.desired != "stopped" else {
            return "\(name) is \(isChanged ? "changed" : "made"), and not started: foundry start \(plain)"
        }
        guard state == .complete else {
            if isChanged { return "\(name) is being changed: foundry why \(plain)" }
            return "\(name) is being started" + (address.map { ", and will be reached at \($0)" } ?? "")
        }
        let healthy = TextStyle.good.applied(to: "healthy", on: terminal)
        return "\(name) is \(isChanged ? "changed, and " : "")\(healthy)" + (address.map { ": \($0)" } ?? "")
    }
}
