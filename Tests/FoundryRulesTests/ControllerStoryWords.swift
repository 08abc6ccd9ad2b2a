import FoundryModel
import FoundryRules

/// How the records of a controller's story are written: by the names of their apps, since ids are random.
struct ControllerStoryWords {
    private var members: [MemberID: String] = [:]
    private var volumes: [VolumeID: String] = [:]
    private var apps: [AppID: String] = [:]
    /// The name of each key, also when its record is gone.
    private var keys: [String: String] = [:]

    mutating func learn(_ view: PlatformView) {
        for app in view.apps.values.map(\.value) {
            apps[app.id] = app.name.description
            keys[Record.app(app).key] = "app \(app.name)"
        }
        for member in view.members.values.map(\.value) {
            members[member.id] = view.name(of: member)
            keys[Record.member(member).key] = "member \(view.name(of: member))"
            keys[RecordKind.status.key(member.id.description)] = "status of \(view.name(of: member))"
        }
        for volume in view.volumes.values.map(\.value) {
            volumes[volume.id] = "volume \(volume.appName)"
            keys[Record.volume(volume).key] = "volume \(volume.appName)"
            keys[RecordKind.volumeStatus.key(volume.id.description)] = "status of volume \(volume.appName)"
        }
        for (key, route) in view.routes { keys[key] = "route \(route.value.scope.rawValue):\(route.value.port)" }
        for event in view.events { keys[Record.event(event).key] = "event" }
        for job in view.jobs.values.map(\.value) { keys[Record.job(job).key] = "job \(job.operation.rawValue)" }
    }

    func write(_ write: RecordWrite) -> String {
        switch write {
        case .delete(let key, _, _): "gone: \(keys[key] ?? key)"
        case .check(let key, _, _): "unchanged: \(keys[key] ?? key)"
        case .put(.event(let event), _): "\(event.kind.rawValue): \(event.subject) \(relative(event.message))"
        case .put(let record, .absent): "new \(text(record))"
        case .put(let record, .revision), .put(let record, .any): text(record)
        }
    }

    func order(_ order: MemberOrder) -> String {
        "\(order.name) \(order.run ? "runs" : "does not run"), generation \(order.generation), slot \(order.slot)"
    }

    func order(_ order: VolumeOrder) -> String {
        let name = volumes[order.id] ?? order.id.description
        return switch order.purpose {
        case .keep: "\(name) is kept at epoch \(order.epoch)"
        case .make(let snapshot): "\(name) is made from snapshot \(snapshot)"
        case .delete: "\(name) is deleted"
        case .serve(let member, let sealedAt, let mayCreate):
            "\(name) serves \(members[member] ?? "?") under epoch \(order.epoch), sealed at \(sealedAt)\(mayCreate ? ", may be made" : "")"
        case .promote(let member, let origin):
            "\(name) is promoted for \(members[member] ?? "?") under epoch \(order.epoch), from branch \(origin.branch), epoch \(origin.epoch)"
        case .follow(let member, let mayCreate):
            "\(name) follows epoch \(order.epoch) for \(members[member] ?? "?")\(mayCreate ? ", may be made" : "")"
        }
    }

    func route(_ route: RouteOrder) -> String {
        let target = route.target.map {
            "leads to \(members[$0.member] ?? "?") at \($0.address):\($0.port), epoch \($0.epoch)"
        }
        return "\(route.scope.rawValue):\(route.port) \(target ?? "leads nowhere")"
    }

    private func text(_ record: Record) -> String {
        switch record {
        case .app(let app): "app \(app.name): \(app.desired), generation \(app.generation)"
        case .member(let member): "member \(members[member.id] ?? "?"): on \(member.cell), slot \(member.slot)"
        case .volume(let volume):
            "volume \(volume.appName): \(phase(volume.phase)), epoch \(volume.epoch), sealed at \(volume.sealedAt)\(volume.isMade ? ", made" : "")"
        case .route(let route): "route \(route.scope.rawValue):\(route.port)"
        case .cell(let cell): "cell \(cell.id)"
        case .job(let job): "job \(job.operation.rawValue) of \(job.appName): \(state(job.state))"
        case .event(let event): "event \(event.message)"
        case .status(let status): "status of \(members[status.id] ?? "?"): \(PhaseWords.word(status.phase))"
        case .volumeStatus(let status): "status of \(volumes[status.id] ?? "volume \(status.id)"): \(lying(status))"
        case .term(let term): "term \(term.term)"
        case .session(let session): "session of \(session.cell), \(session.sequence): \(session.state)"
        case .fence(let fence): "fence of \(fence.cell): \(fence.state)"
        case .cluster: "cluster"
        case .beat(let beat): "beat \(beat.count)"
        case .token(let token): "token \(token.name)"
        case .logDrain(let drain): "log drain to \(drain.target)"
        case .snapshot(let snapshot): "snapshot \(snapshot.name)"
        case .release(let release): "release \(release.id)"
        case .instance(let instance): "service \(instance.name): \(instance.operation.state)"
        case .binding(let binding): "binding \(binding.id): \(binding.state)"
        case .brokerCredential(let credential): "broker credential \(credential.name)"
        case .names(let names): "names, \(names.given) given"
        }
    }

    private func phase(_ phase: VolumePhase) -> String {
        switch phase {
        case .allotted: "allotted"
        case .held(let member): "held by \(members[member] ?? "?")"
        case .sealed: "sealed"
        case .kept(let until): "kept until \(CellStoryWords.time(until))"
        case .purging: "purging"
        case .follows(let holder): "follows \(volumes[holder] ?? holder.description)"
        case .forked(let since): "forked since \(CellStoryWords.time(since))"
        }
    }

    private func state(_ state: JobState) -> String {
        switch state {
        case .processing: "processing"
        case .complete: "complete"
        case .failed(let error): "failed, \(error.code.rawValue): \(error.message)"
        }
    }

    private func lying(_ status: VolumeStatus) -> String {
        let label = status.label.map { "epoch \($0.epoch)\($0.sealed ? ", sealed" : "")" } ?? "no label"
        return label + (status.mounted ? ", mounted" : "")
    }

    /// Moments as they are counted in a story.
    private func relative(_ message: String) -> String {
        message.replacing(/until \d{4}-\S+Z/) { _ in "until its time" }.replacing(/next try at \S+Z/) { _ in
            "next try at its time"
        }
    }
}
