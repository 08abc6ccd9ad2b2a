import FoundryModel
import FoundryRules

/// How the values of a cell's story are read and written.
enum CellStoryWords {
    // What is read

    static func orders(_ words: [String]) throws -> CellOrders {
        guard let revision = words.first.flatMap({ Int64($0) }) else { throw StoryFolder.Unreadable("\(words)") }
        var orders = CellOrders(revision: revision, term: Term(1), members: [], volumes: [])
        for word in words.dropFirst() {
            if word.hasPrefix("term=") {
                orders.term = Term(UInt64(word.dropFirst(5)) ?? 0)
            } else if word.hasPrefix("session=") {
                orders.session = SessionID(String(word.dropFirst(8)))
            } else if word.hasPrefix("fence=") {
                orders.fences.append(try fence(String(word.dropFirst(6))))
            } else if word.contains("!") {
                orders.verbs.append(try verb(word))
            } else if word.contains("~") {
                orders.snapshots.append(try snapshot(word))
            } else if word.contains("@") {
                orders.members.append(try member(word))
            } else {
                orders.volumes.append(try volume(word))
            }
        }
        return orders
    }

    static func given(_ words: [String], _ machine: inout ModelMachine) throws {
        for word in words {
            let sides = word.split(separator: "=").map(String.init)
            guard sides.count == 2, let id = VolumeID(sides[0]) else { throw StoryFolder.Unreadable(word) }
            var parts = sides[1].split(separator: "/").map(String.init)
            let outer = label(id, parts.first.flatMap(epoch), isSealed: parts.contains("sealed"), parts)
            let inner = parts.first { $0.hasPrefix("inside:") }.flatMap { epoch(String($0.dropFirst(7))) }
            switch parts.removeFirst() {
            case "missing": machine.remove(id)
            case "unreadable": machine.place(id, label: .unreadable("it is not a label"), inside: .absent)
            case "unlabelled": machine.place(id, label: .absent, inside: .absent)
            case _ where parts.contains("empty"): machine.place(id, label: .label(outer), inside: .absent)
            default:
                let inside = label(id, inner ?? outer.epoch, isSealed: false, parts)
                machine.place(id, label: .label(outer), inside: .label(inside))
            }
        }
    }

    private static func label(_ id: VolumeID, _ epoch: Epoch?, isSealed: Bool, _ parts: [String]) -> VolumeLabel {
        VolumeLabel(
            volume: id, lineage: LineageID(parts.contains("foreign") ? "another" : "lineage-\(id)")!,
            branch: branch(parts), epoch: epoch ?? .none, role: parts.contains("replica") ? .replica : .holder,
            sealed: isSealed, machineID: parts.contains("elsewhere") ? "elsewhere" : Samples.machineID,
            size: .megabytes(100))
    }

    /// `f1:v1@e3,v2@e4`
    private static func fence(_ word: String) throws -> FenceOrder {
        let sides = word.split(separator: ":").map(String.init)
        guard sides.count == 2, let id = FenceID(sides[0]) else { throw StoryFolder.Unreadable(word) }
        let promises = sides[1].split(separator: ",").compactMap { text -> VolumePromise? in
            let parts = text.split(separator: "@").map(String.init)
            guard parts.count == 2, let volume = VolumeID(parts[0]), let epoch = epoch(parts[1]) else { return nil }
            return VolumePromise(volume: volume, epoch: epoch)
        }
        return FenceOrder(fence: id, promises: promises)
    }

    /// `b1!demo.bind`
    private static func verb(_ word: String) throws -> VerbOrder {
        guard let found = word.wholeMatch(of: /([a-z0-9]+)!([a-z0-9]+)\.([a-z]+)/),
            let id = VerbID(String(found.1)), let member = MemberID(String(found.2))
        else { throw StoryFolder.Unreadable(word) }
        return VerbOrder(id: id, member: member, verb: String(found.3), environment: [:], input: Secret("hush"))
    }

    /// s1~v1/take
    private static func snapshot(_ word: String) throws -> SnapshotOrder {
        guard let found = word.wholeMatch(of: /([a-z0-9]+)~([a-z0-9]+)\/([a-z]+)/),
            let id = SnapshotID(String(found.1)), let volume = VolumeID(String(found.2)),
            let lineage = LineageID("lineage-\(volume)"), let purpose = SnapshotPurpose(rawValue: String(found.3))
        else { throw StoryFolder.Unreadable(word) }
        return SnapshotOrder(id: id, volume: volume, lineage: lineage, purpose: purpose)
    }

    /// `a=2,b=3`
    private static func peers(_ text: String) throws -> [PeerOrder] {
        try text.split(separator: ",").enumerated().map { index, word in
            guard let found = word.wholeMatch(of: /([a-z]+)=(\d+)/), let member = MemberID(String(found.1)),
                let slot = Int(found.2)
            else { throw StoryFolder.Unreadable(text) }
            return PeerOrder(member: member, index: index, name: "db-\(index)", slot: slot)
        }
    }

    private static func member(_ word: String) throws -> MemberOrder {
        let parts = word.split(separator: "/").map(String.init)
        guard let found = parts[0].wholeMatch(of: /([a-z]+)\.(\d+)@(\d+)(\+([a-z0-9]+))?/),
            let id = MemberID(String(found.1)), let generation = Int(found.2), let slot = Int(found.3)
        else { throw StoryFolder.Unreadable(word) }
        var order = MemberOrder(
            id: id, app: AppID("app-\(id)")!, name: "\(id)/0", generation: generation, run: true, slot: slot,
            spec: Samples.spec(), volume: found.5.flatMap { VolumeID(String($0)) })
        for part in parts.dropFirst() { try apply(part, to: &order) }
        return order
    }

    private static func apply(_ word: String, to order: inout MemberOrder) throws {
        let sides = word.split(separator: ":").map(String.init)
        switch sides[0] {
        case "stopped": order.run = false
        case "unchecked": order.spec.health.asks = .process
        case "guarded": order.isGuarded = true
        case "replica": order.role = .replica
        case "peers" where sides.count == 2: ServiceSamples.join(&order, try peers(sides[1]))
        case "founded": order.service?.isFounded = true
        case "bound" where sides.count == 2:
            let routes = sides[1].split(separator: ",").compactMap { Int($0) }.map {
                BoundRoute(name: "db-\($0)", port: $0)
            }
            order.bindings = BoundServicesOrder(environment: [:], files: [:], routes: routes)
        case "from" where sides.count == 2:
            order.source = MemberID(sides[1]).map {
                RouteTarget(member: $0, address: "10.77.4.2", port: 6_379, epoch: .none)
            }
        case "waits" where sides.count == 2:
            order.waitsFor = sides[1].split(separator: ",").compactMap { MemberID(String($0)) }
        default: throw StoryFolder.Unreadable(word)
        }
    }

    private static func volume(_ word: String) throws -> VolumeOrder {
        let sides = word.split(separator: "=").map(String.init)
        guard sides.count == 2, let id = VolumeID(sides[0]) else { throw StoryFolder.Unreadable(word) }
        let words = sides[1].split(separator: "/").map(String.init)
        let parts = words.filter { !isBranch($0) }
        guard parts.count >= 2, let held = epoch(parts[0]) else { throw StoryFolder.Unreadable(word) }
        let purpose: VolumePurpose
        switch parts[1] {
        case "keep": purpose = .keep
        case "delete": purpose = .delete
        case let word where word.hasPrefix("promote:"):
            // promote:MEMBER/from:e2 or /from:e2.1
            let from = parts.first { $0.hasPrefix("from:") }?.dropFirst(5).split(separator: ".").map(String.init) ?? []
            guard let member = MemberID(String(word.dropFirst(8))), let origin = from.first.flatMap(epoch) else {
                throw StoryFolder.Unreadable(word)
            }
            purpose = .promote(member, from: CopyOrigin(branch: from.count > 1 ? Int(from[1]) ?? 1 : 1, epoch: origin))
        case let word where word.hasPrefix("follow:"):
            guard let member = MemberID(String(word.dropFirst(7))) else { throw StoryFolder.Unreadable(word) }
            purpose = .follow(member, mayCreate: parts.contains("new"))
        default:
            let sealed = parts.first { $0.hasPrefix("sealed:") }.flatMap { epoch(String($0.dropFirst(7))) }
            guard parts[1].hasPrefix("serve:"), let holder = MemberID(String(parts[1].dropFirst(6))), let sealed else {
                throw StoryFolder.Unreadable(word)
            }
            purpose = .serve(holder, sealedAt: sealed, mayCreate: parts.contains("new"))
        }
        return VolumeOrder(
            id: id, lineage: LineageID("lineage-\(id)")!, branch: branch(words), epoch: held, size: .megabytes(100),
            directories: [], purpose: purpose)
    }

    /// `b2`; 1 where nothing is said.
    private static func branch(_ parts: [String]) -> Int {
        parts.compactMap { $0.wholeMatch(of: /b(\d+)/).flatMap { Int($0.1) } }.first ?? 1
    }

    private static func isBranch(_ word: String) -> Bool { word.wholeMatch(of: /b\d+/) != nil }

    private static func epoch(_ text: String) -> Epoch? {
        text.hasPrefix("e") ? UInt64(text.dropFirst()).map { Epoch($0) } : nil
    }

    // What is written

    static func effect(_ effect: CellEffect) -> String {
        let words = "\(effect.name.rawValue) \(effect.subject)"
        return switch effect {
        case .takeVolume(let label):
            "\(words)\(label.role == .replica ? " to follow" : " under") epoch \(label.epoch)\(branch(label))"
        case .growVolume(let label): "\(words) to \(label.size)"
        case .limitContainer(_, let limits): "\(words) to \(limits.memory), \(limits.cpu) cores"
        case .sealVolume(let label): "\(words) at epoch \(label.epoch)"
        case .tuneVolume(_, let tuning):
            "\(words) to \(tuning.isSynchronous ? "sync every write" : "sync as told"), io \(tuning.io?.rawValue ?? "as it is")"
        case .stopContainer(_, let signal): "\(words) by \(signal)"
        case .createNetwork(_, let slot): "\(words) in slot \(slot)"
        case .writeHistory(_, let history):
            "\(words): \(history.endsInARow) in a row\(history.nextTry.map { ", next try at \(time($0))" } ?? "")"
        case .takeSnapshot(let order): "\(words) of \(order.volume)"
        case .cloneVolume(_, let snapshot, _): "\(words) from \(snapshot)"
        case .unpackImage, .createVolume, .mountVolume, .unmountVolume, .deleteVolume, .deleteSnapshot, .removeNetwork,
            .mountRootfs,
            .unmountRootfs, .createContainer,
            .startContainer, .killContainer, .deleteContainer, .forgetMember, .readVolume, .guardMember, .unguardMember,
            .unlatch, .writeHosts:
            words
        case .linkNetwork(let links):
            "\(words): \(Self.links(links))"
        case .runVerb(let verb): "\(words): \(verb.verb) in \(verb.member)"
        case .wireMember(let order):
            "\(words)\(order.source.map { " to follow \($0.member)" } ?? "")\(order.waitsFor.isEmpty ? "" : " to wait for \(order.waitsFor.map(\.description).joined(separator: ", "))")"
        case .promise(_, let promises):
            "\(words): \(Self.promises(promises))"
        }
    }

    private static func links(_ links: NetworkLinks) -> String {
        let pairs = links.pairs.sorted().map { "\($0.from)>\($0.to)" }
        let routes = links.routes.sorted().map { "\($0.slot)>:\($0.port)" }
        return pairs.isEmpty && routes.isEmpty ? "none" : (pairs + routes).joined(separator: " ")
    }

    static func rejection(_ reason: CellRejection) -> String {
        switch reason {
        case .notObservedYet: "nothing was observed yet"
        case .observedTwice: "it was observed already"
        case .ordersOlder(let has, let got): "orders \(got) are older than \(has)"
        case .termOlder(let has, let got): "term \(got) is older than \(has)"
        case .notInFlight(let name): "no \(name.rawValue) is in flight"
        case .notRunning(let member): "\(member) does not run"
        }
    }

    static func report(_ report: CellReport?) -> [String] {
        guard let report else { return ["says nothing yet"] }
        let session = report.session.map { " under \($0)" } ?? ""
        return ["follows \(report.ordersRevision.map { "\($0)" } ?? "nothing")\(session)"]
            + report.members.map(status) + report.volumes.map(status)
            + (report.snapshots ?? []).map(status) + (report.verbs ?? []).map(status)
            + report.words.map { "promised \($0.fence) as \($0.incarnation): \(promises($0.promises))" }
    }

    static func time(_ time: Timestamp) -> String { "+\(time - Samples.start)" }
    static func time(_ time: MonotonicTime) -> String { "+\(time - Samples.moment().monotonic)" }

    private static func status(_ status: MemberStatus) -> String {
        var words = ["\(status.id).\(status.generation) is \(phase(status.phase))"]
        if let pid = status.pid { words.append("pid \(pid)") }
        if status.restarts > 0 { words.append("restarts \(status.restarts)") }
        if let exit = status.lastExit { words.append("it \(exit.reason)") }
        if let replication = status.replication { words.append("replicates as \(replication)") }
        if let problem = status.problem { words.append("problem \(problem.code.rawValue)") }
        return words.joined(separator: ", ")
    }

    private static func status(_ verb: VerbStatus) -> String {
        switch verb.outcome {
        case .done: "\(verb.id) is done"
        case .failed(let error): "\(verb.id) failed: \(error.code.rawValue)"
        }
    }

    private static func status(_ snapshot: SnapshotStatus) -> String {
        let problem = snapshot.problem.map { ", problem \($0.code.rawValue)" } ?? ""
        guard let label = snapshot.label else { return "\(snapshot.id) is not taken yet\(problem)" }
        let pause = label.pauseMilliseconds.map { ", writers held for \($0) ms" } ?? ", at rest"
        return "\(snapshot.id) was taken of \(label.source.volume) at epoch \(label.source.epoch)\(pause)\(problem)"
    }

    private static func promises(_ promises: [VolumePromise]) -> String {
        promises.map { "\($0.volume) at epoch \($0.epoch)" }.joined(separator: ", ")
    }

    private static func branch(_ label: VolumeLabel) -> String { label.branch == 1 ? "" : " of branch \(label.branch)" }

    private static func phase(_ phase: MemberPhase) -> String {
        switch phase {
        case .waiting(let next): "waiting until \(time(next))"
        case .crashed(let next): "crashed, next try at \(time(next))"
        case .refused(let error): "refused: \(error.code.rawValue)"
        case .preparing, .starting, .healthy, .unhealthy, .unready, .stopping, .stopped: PhaseWords.word(phase)
        }
    }

    private static func status(_ volume: VolumeStatus) -> String {
        let label =
            volume.label.map {
                "epoch \($0.epoch)\(branch($0))\($0.role == .replica ? ", replica" : "")\($0.sealed ? ", sealed" : "")"
            } ?? "no label that can be read"
        return
            "\(volume.id) has \(label)\(volume.mounted ? ", mounted" : "")\(volume.refusal.map { ", refused: \($0.code.rawValue)" } ?? "")"
    }
}
