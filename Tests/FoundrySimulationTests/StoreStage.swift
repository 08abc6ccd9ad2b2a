import FoundryModel
import FoundryRules

@testable import FoundrySimulation

/// A store, a network and a queue: what is asked is done until nothing more is to come.
struct StoreStage {
    typealias Store = SimulatedStore<Int>

    enum Event {
        case store(Store.Signal)
        case link(LinkChange)
        case act(Int)
    }

    var store: Store
    var network: SimulatedNetwork<Int>
    var queue = EventQueue<Event>()
    /// By the tag of the request.
    var answers: [Int: StoreAnswer] = [:]
    /// By the tag of the watch.
    var news: [Int: [WatchNews]] = [:]
    let counters = FaultCounters()

    init(seed: UInt64 = 1) {
        let random = SimulationRandom(seed: seed)
        network = SimulatedNetwork(nodes: 5, random: random, counters: counters)
        store = Store(nodes: [0, 1, 2], random: random, counters: counters)
    }

    var now: SimulationTime { queue.now }

    @discardableResult
    mutating func ask(
        _ request: StoreRequest, of member: Int = 0, from client: NodeNumber = 3, tag: Int
    ) -> Store.Ticket {
        let ticket = store.submit(request, to: member, from: client, tag: tag, at: now)
        drain()
        return ticket
    }

    mutating func drain() {
        var signals: [(Store.Signal, SimulationTime)] = []
        store.drainSignals { signals.append(($0, $1)) }
        for (signal, time) in signals { queue.push(.store(signal), at: time) }
    }

    /// - Returns: an act whose time has come; nil when nothing more comes until `limit`.
    mutating func run(until limit: SimulationTime) -> Int? {
        drain()
        while let event = queue.pop(until: limit) {
            switch event {
            case .act(let number): return number
            case .link(let change): network.apply(change)
            case .store(let signal):
                switch store.handle(signal, at: now, network) {
                case .answer(_, _, let tag, let answer): answers[tag] = answer
                case .news(_, _, let tag, let told): news[tag, default: []].append(told)
                case nil: break
                }
            }
            drain()
        }
        return nil
    }

    mutating func run(_ length: SimulationDuration) { _ = run(until: now + length) }

    mutating func cut(_ left: [NodeNumber], _ right: [NodeNumber], for length: SimulationDuration = .minutes(60)) {
        for change in PartitionPlan.symmetric(left, right, from: now, to: now + length).changes {
            queue.push(.link(change), at: change.time)
        }
        run(.microseconds(1))
    }

    func revision(of tag: Int) -> Int64? {
        if case .committed(let revision)? = answers[tag] { return revision }
        return nil
    }

    func snapshot(of tag: Int) -> StoreSnapshot? {
        if case .snapshot(let snapshot)? = answers[tag] { return snapshot }
        return nil
    }

    func isConflict(_ tag: Int) -> Bool {
        if case .conflict? = answers[tag] { return true }
        return false
    }

    /// A record of the key "/fences/fNUMBER" that carries a text.
    static func record(_ number: Int, _ text: String = "") -> Record {
        guard let id = FenceID("f\(number)"), let cell = CellID("c1"), let incarnation = IncarnationID("i1") else {
            preconditionFailure("these have the shape of ids")
        }
        return .fence(
            FenceRecord(
                id: id, cell: cell, incarnation: incarnation, cause: .asked,
                createdAt: Timestamp(millisecondsSince1970: 0), createdBy: text))
    }

    static func text(_ record: Record?) -> String? {
        if case .fence(let fence)? = record { return fence.createdBy }
        return nil
    }

    static func put(_ number: Int, _ text: String = "", _ expectation: RecordExpectation = .any) -> StoreRequest {
        .commit([.put(record(number, text), expects: expectation)])
    }
}
