import FoundryModel
import FoundryRules

/// What must hold when the world has healed and has been quiet for a while.
struct QuietCheck {
    private let world: World
    private let view: PlatformView
    private let controller: ServerNode?

    init(_ world: World) {
        self.world = world
        view = world.checker.truth
        controller = world.servers.first { $0.isController && $0.process.runs }
    }

    /// The first that does not hold.
    func first() -> Violation? {
        let found = controllerLives() ?? heard() ?? views() ?? workloads() ?? refused() ?? jobs()
        return found ?? containers() ?? volumes() ?? unknown() ?? data() ?? services()
    }

    private func services() -> Violation? {
        world.checker.servicesKept.end(world) ?? BindingUserCheck(world).first()
            ?? world.checker.removedUsers.end(world) ?? world.checker.servicesGone.end(world)
    }

    private func found(_ invariant: Invariant, _ detail: String) -> Violation {
        Violation(invariant, at: world.now, detail)
    }

    private func controllerLives() -> Violation? {
        controller == nil ? found(.converges, "no server is the controller") : nil
    }

    /// Every cell lives, so each has said what lies on it.
    private func heard() -> Violation? {
        let unheard = view.switches.unheard
        guard !unheard.isEmpty else { return nil }
        let names = unheard.sorted().map { id in
            let session = view.sessions[id].map { "\($0.value.state)" } ?? "no session"
            let report = controller?.controller?.reports[id]
            let unknown = report?.volumes.filter { view.volumeStatuses[$0.id]?.value.label != $0.label } ?? []
            return "\(id) (\(session), \(report == nil ? "no report" : "unknown: \(unknown.map(\.id.short))"))"
        }
        return found(.converges, "not heard since the store was restored: \(names.joined(separator: ", "))")
    }

    /// Every server knows what the store has.
    private func views() -> Violation? {
        for server in world.servers where server.process.runs && !server.isLoading {
            let own = server.view
            let isSame =
                own.volumes.mapValues(\.value) == view.volumes.mapValues(\.value)
                && own.members.mapValues(\.value) == view.members.mapValues(\.value)
                && own.apps.mapValues(\.value) == view.apps.mapValues(\.value)
                && own.instances.mapValues(\.value) == view.instances.mapValues(\.value)
                && own.bindings.mapValues(\.value) == view.bindings.mapValues(\.value)
            if !isSame {
                return found(
                    .watchComplete, "server s\(server.index) does not know what the store has, and was told of no gap")
            }
        }
        return nil
    }

    /// A cell refuses only what something happened to.
    private func refused() -> Violation? {
        guard world.counters[.storeRestored] == 0 else { return nil }
        for member in view.members.values.map(\.value).sorted(by: { $0.id < $1.id }) {
            guard let index = world.names.index(of: member.cell), !world.checker.lostDisks.contains(index),
                case .refused(let error)? = view.statuses[member.id]?.value.phase
            else { continue }
            return found(.nothingLost, "\(view.name(of: member)) is refused: \(error.message)\(why(member.app))")
        }
        return nil
    }

    /// Each runs as it shall, or its reasons say why not.
    private func workloads() -> Violation? {
        for app in view.apps.values.map(\.value).sorted(by: { $0.id < $1.id }) {
            switch app.desired {
            case .deleted: return found(.operationsEnd, "\(app.name) was deleted and is still there\(why(app.id))")
            case .stopped:
                if let container = running(app.id).first {
                    return found(
                        .converges, "\(app.name) shall not run, and does on cell c\(container.engine.cell.index)")
                }
            case .started: if let violation = started(app) { return violation }
            }
        }
        return nil
    }

    private struct Place: Hashable {
        var cell: Int
        var slot: UInt8
    }

    private func started(_ app: AppRecord) -> Violation? {
        let port = view.route(of: app.id).map { $0.port - world.configuration.routes.firstPort }
        let serving = running(app.id).filter { $0.engine.role == .primary && $0.engine.state == .serving }
        let wanted = view.primaries(of: app.id).prefix(app.spec.instances)
        guard wanted.count == app.spec.instances, Set(serving.map(\.member)) == Set(wanted.map(\.id)) else {
            return isExplained(app.id)
                ? nil : found(.converges, "\(app.name) is not served, and nothing says why\(why(app.id))")
        }
        guard view.surplus(of: app).isEmpty || isExplained(app.id) else {
            return found(.converges, "\(app.name) has more members than it shall have\(why(app.id))")
        }
        let places = Set(serving.map { Place(cell: $0.engine.cell.index, slot: $0.slot) })
        if let port {
            let other = world.routers.first {
                Set($0.proxy.leads[port].map { Place(cell: $0.cell, slot: $0.slot) }) != places
            }
            if let other {
                return found(
                    .nothingLost, "router r\(other.index) does not lead to \(app.name), which serves\(why(app.id))")
            }
        }
        let replicas = view.members(of: app.id).filter { $0.role == .replica }
        guard replicas.count >= app.spec.recovery.replicas || isExplained(app.id) else {
            return found(
                .converges,
                "\(app.name) has \(replicas.count) of its \(app.spec.recovery.replicas) replicas\(why(app.id))")
        }
        return nil
    }

    private func jobs() -> Violation? {
        for job in view.jobs.values.map(\.value).sorted(by: { $0.id < $1.id }) where job.state == .processing {
            guard !isExplained(job.app) else { continue }
            return found(
                .operationsEnd,
                "\(job.operation.rawValue) of \(job.appName) has not ended\(state(of: job))\(why(job.app))")
        }
        return nil
    }

    private func state(of job: JobRecord) -> String {
        job.binding.map { " (binding \($0): \(view.bindings[$0].map { "\($0.value.state)" } ?? "gone"))" } ?? ""
    }

    /// Each belongs to a member that lies there.
    private func containers() -> Violation? {
        for cell in world.cells {
            for case let container? in cell.containers where view.members[container.member]?.value.cell != cell.id {
                return found(
                    .nothingOrphaned,
                    "a container of \(world.workloads[container.engine.workload].name) is left on cell \(cell.id)")
            }
        }
        return nil
    }

    /// Each that was made lies on its cell's disk, unless that disk was taken away.
    private func volumes() -> Violation? {
        for volume in view.volumes.values.map(\.value).sorted(by: { $0.id < $1.id }) where volume.isMade {
            guard volume.phase != .purging, let index = world.names.index(of: volume.cell),
                !world.checker.lostDisks.contains(index)
            else { continue }
            let number = world.numbers.volume(volume.id)
            guard !world.checker.purged.contains(number) else { continue }
            guard world.cells[index].disk.data(ofVolume: number) != nil else {
                return found(
                    .nothingLost, "volume \(volume.id.short) of \(volume.appName) is not on cell \(volume.cell)")
            }
        }
        return nil
    }

    /// What nobody of ours wrote is as it was.
    private func unknown() -> Violation? {
        for stranger in world.checker.strangers where !world.checker.lostDisks.contains(stranger.cell) {
            let disk = world.cells[stranger.cell].disk
            guard disk.data(ofVolume: stranger.volume)?.length == stranger.length,
                !disk.contents(of: DiskFile(.outerLabel, stranger.volume)).isAbsent
            else {
                return found(.unknownUntouched, "a volume that nobody knows is not on cell c\(stranger.cell) as it was")
            }
        }
        return nil
    }

    private func data() -> Violation? {
        for workload in world.workloads where workload.spec.disk != nil {
            for track in tracks(of: workload) {
                let held = current(workload, track)
                let forks = copies(of: workload.id, except: held?.id)
                let data = isReadable(held) ? held.flatMap { self.data(of: $0) } : nil
                if let violation = world.checker.acknowledgements.end(
                    app: track, data: data, forks: forks, at: world.now)
                {
                    return violation
                }
            }
        }
        return nil
    }

    private func tracks(of workload: Workload) -> [Int] {
        guard workload.isIndependent else { return [workload.index] }
        return Set(view.volumes(of: workload.id).map { world.track(workload.index, $0.lineage) }).sorted()
    }

    /// The copy that counts: the holder's, or the one that waits for its member.
    private func current(_ workload: Workload, _ track: Int) -> VolumeRecord? {
        let own = view.volumes(of: workload.id).filter { world.track(workload.index, $0.lineage) == track }
        return own.first { $0.holder != nil } ?? own.first(where: \.awaitsMember)
    }

    /// It is served, or lies still.
    private func isReadable(_ volume: VolumeRecord?) -> Bool {
        guard let volume else { return false }
        guard let holder = volume.holder else { return true }
        return running(volume.app).contains {
            $0.engine.role == .primary && $0.engine.state == .serving
                && (!world.workloads[world.workload(of: volume.app)].isIndependent || $0.member == holder)
        }
    }

    /// Every other copy on any disk: a store that was restored has forgotten some, and no cell deletes them.
    private func copies(of app: AppID, except held: VolumeID?) -> [VolumeData] {
        let numbers = world.numbers.volumes.indices.filter {
            let id = world.numbers.volumes[$0]
            return id != held && world.checker.owners[id]?.app == app
        }
        return world.cells.flatMap { cell in numbers.compactMap { cell.disk.data(ofVolume: $0) } }
    }

    private func data(of volume: VolumeRecord) -> VolumeData? {
        guard let cell = world.names.index(of: volume.cell) else { return nil }
        return world.cells[cell].disk.data(ofVolume: world.numbers.volume(volume.id))
    }

    private func running(_ app: AppID) -> [Container] {
        let index = world.workload(of: app)
        return world.cells.flatMap { cell in
            cell.containers.compactMap { $0 }.filter { $0.engine.workload == index && $0.runs }
        }
    }

    /// It waits for something that a person can read, and do something about.
    private func isExplained(_ app: AppID) -> Bool { reasons(app).contains { $0.hint != nil } }

    private func reasons(_ app: AppID) -> [WhyLine] {
        guard let controller, let machine = controller.controller else { return [] }
        return machine.reasons(of: app, now: controller.now)
    }

    /// What its cell's machine says of it.
    private func sight(of member: MemberRecord) -> String {
        guard let index = world.names.index(of: member.cell) else { return "" }
        let cell = world.cells[index]
        let problem = view.statuses[member.id]?.value.problem.map { ", \($0.message)" } ?? ""
        let container = cell.container(of: member.id).map { container in
            let marks = [
                (container.isGuarded, "guarded"), (container.isFrozen, "frozen"), (container.isKilled, "killed"),
                (container.isDead, "dead"),
            ]
            return "\(container.phase) " + marks.filter(\.0).map(\.1).joined(separator: " ")
        }
        let session = cell.session?.held.session?.description ?? "none"
        return
            "\(problem) [container \(container ?? "none"), session \(session), sentinel \(cell.sentinel.map { "\($0.state)" } ?? "none"), frozen \(cell.isFrozen), effects \(cell.runs.values.map { "\($0.effect.name.rawValue)" })]"
    }

    private func why(_ app: AppID) -> String {
        let lines = reasons(app).map { "\($0.subject) \($0.text)" }
        let members = view.members(of: app).map { member in
            let phase = view.statuses[member.id].map { "\($0.value.phase)" } ?? "unknown"
            let volume = member.volume.flatMap { view.volumes[$0]?.value }.map { ", \($0.phase)" } ?? ""
            return "\(member.role) \(member.index) on \(member.cell) \(phase)\(volume)\(sight(of: member))"
        }
        return " (" + (lines + members).joined(separator: "; ") + ")"
    }
}
