import FoundryModel
import FoundryRules

/// A story of recoveries: a cluster's state, line by line, then the plan that must come out, with the reasons for everything that is not done.
///
///     > new [consistent|available] [session|power|person] [replicas=N] [async] [lost=empty] [stopped|deleted] [single]
///     > cell c1 [living|late=MS|overdue|expired|unheard] [drained] [pausable] [trusted] [armed=sentinel,...] [i=i2] [lost=MS]
///     > primary c1 [held|sealed|allotted] [unmade] [e=N] [guard=on|ordered] [listed] [waits=1,2] [enforced=1] [says=1] [down[=MS]] [crashed|refused]
///     > replica 1 c2 [e=N] [at=N] [all] [unmade] [crashed|refused] [quiet]
///     > stateless c1 | fork c3 | brake | maintenance | generation N | unheard c1
///     > fence c1 [asked|replaced|silence] [expiry] [word] [power] [person] [i=i1]
///     > plan
struct RecoveryStory {
    private var world = RecoveryWorld()

    static func retold(_ text: String) throws -> String {
        var story = RecoveryStory()
        return try StoryFolder.retell(text) { try story.play($0) }
    }

    private mutating func play(_ line: [String]) throws -> [String] {
        let rest = Array(line.dropFirst())
        switch line.first {
        case "new": world = try Self.world(rest)
        case "cell": world.cells.append(try Self.cell(rest))
        case "primary": world.copies.append(try Self.copy(0, rest, role: .primary))
        case "replica":
            guard let index = rest.first.flatMap({ Int($0) }) else { throw StoryFolder.Unreadable("\(line)") }
            world.copies.append(try Self.copy(index, Array(rest.dropFirst()), role: .replica))
        case "stateless":
            var copy = try Self.copy(0, rest, role: .primary)
            copy.isStateless = true
            world.copies.append(copy)
        case "fork": world.forks.append(try Self.id(rest))
        case "fence": world.fences.append(try fence(rest))
        case "brake": world.cluster.brake = Brake(since: Samples.start, cells: [])
        case "maintenance": world.cluster.isInMaintenance = true
        case "generation": world.cluster.generation = rest.first.flatMap { UInt16($0) } ?? 0
        case "unheard": world.cluster.unheard.insert(try Self.id(rest))
        case "plan": return told(world.plan)
        default: throw StoryFolder.Unreadable("\(line)")
        }
        return []
    }

    private func told(_ plan: RecoveryPlan) -> [String] {
        let steps = plan.steps.map { RecoveryWords.step($0) }
        let reasons = plan.reasons.map { "why \($0.subject): \($0.text)\($0.hint.map { " -> \($0)" } ?? "")" }
        return steps.isEmpty && reasons.isEmpty ? ["nothing to do"] : steps + reasons
    }

    private static func id(_ words: [String]) throws -> CellID {
        guard let id = words.first.flatMap({ CellID($0) }) else { throw StoryFolder.Unreadable("\(words)") }
        return id
    }

    private static func world(_ words: [String]) throws -> RecoveryWorld {
        var world = RecoveryWorld()
        for word in words {
            let (key, value) = sides(word)
            switch key {
            case "consistent", "available": world.policy = RestartPolicy(rawValue: key)!
            case "session", "power", "person": world.recovery.fence = FenceLevel(rawValue: key)!
            case "replicas": world.recovery.replicas = Int(value) ?? 0
            case "async": world.recovery.replication = .asynchronous
            case "lost": world.recovery.whenLost = .empty
            case "stopped": world.desired = .stopped
            case "deleted": world.desired = .deleted(purge: false)
            case "single": world.timing = nil
            case "orders": world.ordersRevision = Int64(value) ?? 0
            case "size": world.size = ByteCount(parsing: value) ?? .zero
            default: throw StoryFolder.Unreadable(word)
            }
        }
        return world
    }

    private static func cell(_ words: [String]) throws -> RecoveryWorld.Cell {
        var cell = RecoveryWorld.Cell(id: try id(words))
        for word in words.dropFirst() {
            let (key, value) = sides(word)
            switch key {
            case "living": cell.sight = .living
            case "late": cell.sight = .late(milliseconds: Int64(value) ?? 0)
            case "overdue": cell.sight = .overdue
            case "expired": cell.sight = .expired(fence(of: cell.id))
            case "unheard": cell.sight = .unheard
            case "unwatched": cell.sight = .unwatched
            case "drained": cell.duty = .drained
            case "pausable": cell.isPausable = true
            case "trusted": cell.trustsPause = true
            case "armed": cell.guards = Set(value.split(separator: ",").compactMap { GuardKind(rawValue: "\($0)") })
            case "i": cell.incarnation = IncarnationID(value)!
            case "lost": cell.lostFor = Int64(value)
            case "nosession": cell.hasSession = false
            case "devices":
                cell.power = value.split(separator: ",").map { [PowerDevice(name: "\($0)", isDrilled: true)] }
            default: throw StoryFolder.Unreadable(word)
            }
        }
        return cell
    }

    private static func copy(_ index: Int, _ words: [String], role: MemberRole) throws -> RecoveryWorld.Copy {
        var copy = RecoveryWorld.Copy(index: index, cell: try id(words), role: role, epoch: Epoch(5))
        copy.follows = Epoch(5)
        for word in words.dropFirst() { try RecoveryWords.apply(word, to: &copy) }
        return copy
    }

    static func sides(_ word: String) -> (key: String, value: String) {
        let sides = word.split(separator: "=", maxSplits: 1).map(String.init)
        return (sides[0], sides.count > 1 ? sides[1] : "")
    }

    private static func fence(of cell: CellID) -> FenceID { FenceID("f-\(cell)")! }

    private func fence(_ words: [String]) throws -> FenceRecord {
        let id = try Self.id(words)
        guard let cell = world.cells.first(where: { $0.id == id }) else { throw StoryFolder.Unreadable("\(words)") }
        var fence = FenceRecord(
            id: Self.fence(of: id), cell: id, incarnation: IncarnationID("i1")!, cause: .silence,
            createdAt: Samples.start, createdBy: "controller")
        for word in words.dropFirst() {
            let (key, value) = Self.sides(word)
            switch key {
            case "silence": fence.cause = .silence
            case "asked": fence.cause = .asked
            case "replaced": fence.cause = .replaced
            case "expiry":
                fence.evidence.append(
                    .expiry(
                        session: SessionID("s")!, sequence: 1, guards: world.guards(of: cell),
                        isPausable: cell.isPausable))
            case "word":
                fence.evidence.append(
                    .word(
                        promises: world.copies.filter { $0.cell == id }.map {
                            VolumePromise(volume: $0.volume, epoch: UInt64(value).map(Epoch.init) ?? $0.epoch)
                        }))
            case "power": fence.evidence.append(.power(level: 0))
            case "person": fence.evidence.append(.person("operator"))
            case "tried":
                for number in 1...3 {
                    fence.attempts.append(
                        FenceAttempt(number: number, level: 0, device: value, step: .off, outcome: .failed("no")))
                }
            default: throw StoryFolder.Unreadable(word)
            }
        }
        return fence
    }
}
