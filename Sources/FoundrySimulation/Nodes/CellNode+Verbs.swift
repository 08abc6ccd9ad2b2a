import FoundryModel
import FoundryRules

extension CellNode {
    /// Binding verbs change the users in the engine's data: a transaction of it, synced before it ends.
    ///
    /// It may fail before anything was done, or be done and not say so.
    func runVerb(_ verb: VerbOrder, _ step: Int, _ run: Int32) -> Progress {
        guard let container = container(of: verb.member), container.runs, container.engine.state == .serving else {
            return .failed(Self.cannotRun)
        }
        guard step == 0 else { return world.verbAnswerIsLost() ? .failed(Self.ended) : .done(.done) }
        if world.verbFails(verb) { return .failed(Self.ended) }
        guard let volume = container.engine.volume, let user = verb.environment["FOUNDRY_BINDING_USER"] else {
            return .done(.done)
        }
        var users = disk.users(ofVolume: volume)
        if verb.verb == "bind" { users.insert(user) } else { users.remove(user) }
        submit(
            .replace(DiskFile(.users, volume), .users(users)), for: .effect(run: run, life: process.life))
        return .waits
    }

    private static let cannotRun = FoundryError(.verbFailed, "the engine does not answer")
    private static let ended = FoundryError(.verbFailed, "the verb ended with exit code 1")
}

extension SimulatedDisk<CellFile> {
    /// Who may log in, as the engine's data has it.
    func users(ofVolume volume: Int) -> Set<String> {
        if case .value(.users(let users)) = contents(of: DiskFile(.users, volume)) { return users }
        return []
    }
}

extension World {
    /// A binding that asks for it fails whenever its user is to be made, any other verb now and then.
    fileprivate func verbFails(_ verb: VerbOrder) -> Bool {
        let isDoomed = verb.verb == "bind" && verb.environment["FOUNDRY_BINDING_FAILS"] == "true"
        return isDoomed || random.verbs.happens(0.05)
    }

    fileprivate func verbAnswerIsLost() -> Bool { random.verbs.happens(0.05) }
}
