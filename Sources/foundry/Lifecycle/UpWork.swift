import FoundryClient
import FoundryCommandLine
import FoundryEffects
import FoundryModel
import FoundrySupervisor

/// Prepares, starts, and waits until the platform serves.
struct UpWork: Sendable {
    private let options: UpOptions
    private let progress: Progress

    init(_ options: UpOptions, progress: Progress) {
        self.options = options
        self.progress = progress
    }

    func run() async throws(FoundryError) -> UpAnswer {
        await progress.begin("machine", "looking at what is there")
        let installation = try await Installation.prepare(options)
        if installation.isNew {
            await progress.finish("setup", "\(options.data) is instance \(installation.paths.instance)")
        }
        try UserTarget.add(installation)
        await progress.begin("start", "the supervisor")
        let ranAlready = try await start(installation)
        let seconds = try await wait(installation, ranAlready: ranAlready)
        if !ranAlready { await progress.finish("start", "server, cell, router and HAProxy serve after \(seconds)") }
        return UpAnswer(installation, ranAlready: ranAlready)
    }

    private func start(_ installation: Installation) async throws(FoundryError) -> Bool {
        let paths = installation.paths
        let unit = SystemdUnit(instance: paths.instance, data: paths.data)
        return switch try await SupervisorStart.run(paths, unit: SystemdUnit.isSystemdHere ? unit : nil) {
        case .started: false
        case .ranAlready: true
        }
    }

    /// Until the API answers and the cell has reported.
    ///
    /// - Returns: how long it took, in words.
    private func wait(_ installation: Installation, ranAlready: Bool) async throws(FoundryError) -> String {
        let began = SystemClock.monotonic()
        let readiness = try Readiness(installation)
        let outcome: Result<Void, FoundryError>
        do throws(FoundryError) { outcome = .success(try await follow(readiness, began)) } catch {
            outcome = .failure(error)
        }
        await readiness.close()
        try outcome.get()
        let milliseconds = SystemClock.monotonic() - began
        return "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
    }

    private func follow(_ readiness: Readiness, _ began: MonotonicTime) async throws(FoundryError) {
        var shown: Readiness.State?
        var supervisedAt = began
        while true {
            let state = await readiness.look()
            if state == .ready { return }
            if state != shown { await progress.begin("start", state.words) }
            shown = state
            let now = SystemClock.monotonic()
            if readiness.isSupervised { supervisedAt = now }
            try readiness.refuseHopeless(state, waited: now - began, unsupervised: now - supervisedAt)
            try? await SystemClock.sleep(.milliseconds(30))
        }
    }
}
