import FoundryModel
import FoundryRules
import Testing

@testable import FoundrySimulation

/// Clients that count in records by compare-and-set, and readers that follow by watches, while everything goes wrong.
struct StorePropertyTests {
    /// What a watch has made its reader believe.
    private struct Reader {
        var records: [StoreKeyNumber: Int64] = [:]
        var watch: StoreStage.Store.WatchHandle?
        var position: Int64 = 0
        var mustRead = true
    }

    private static let keys = 6
    private static let readerTags = 1_000_000

    @Test(arguments: 0..<40) func underAllFaultsItsHistoryStaysLinearizableAndReadersEndWithTheTruth(seed: UInt64) {
        var stage = StoreStage(seed: seed)
        var random = SimulationRandom(seed: seed).stream("test")
        stage.store.faults = .usual
        stage.store.faults.answerLoss = 0.05
        stage.store.faults.watchGap = 0.01
        stage.store.historyLimit = 200
        var readers = [Reader](repeating: Reader(), count: 3)
        var asked: [Int: Int] = [:]
        for round in 0..<1_500 {
            if round < 1_200 {
                Self.disturb(&stage, &random)
            } else if round == 1_200 {
                stage.store.faults = .none
                for member in 0..<3 {
                    stage.store.start(member: member)
                    stage.store.resume(member: member, at: stage.now)
                }
            }
            let key = random.index(below: Self.keys)
            let tag = round
            asked[tag] = key
            Self.count(key, tag, &stage, &random)
            for place in readers.indices { Self.follow(&readers[place], place, &stage) }
            stage.run(random.duration(in: .milliseconds(1)...(.milliseconds(60))))
            for place in readers.indices { Self.hear(&readers[place], place, &stage, &random) }
        }
        for _ in 0..<40 {
            for place in readers.indices { Self.follow(&readers[place], place, &stage) }
            stage.run(.milliseconds(500))
            for place in readers.indices { Self.hear(&readers[place], place, &stage, &random) }
        }
        #expect(stage.store.checker.violations.isEmpty)
        let truth = Dictionary(uniqueKeysWithValues: stage.store.truth.entries.map { ($0.key, $0.revision) })
        for reader in readers { #expect(reader.records == truth) }
        for key in 0..<Self.keys {
            let counted = Int(StoreStage.text(stage.store.truth(of: "/fences/f\(key)")?.record) ?? "0") ?? -1
            let acknowledged = asked.count { $0.value == key && stage.revision(of: $0.key) != nil }
            #expect(counted >= acknowledged)
            #expect(counted <= asked.count { $0.value == key && !stage.isConflict($0.key) })
        }
        #expect(stage.store.revision > 300)
    }

    @Test func theSameSeedTellsTheSameStory() {
        func story() -> [String] {
            var stage = StoreStage(seed: 9)
            var random = SimulationRandom(seed: 9).stream("test")
            var lines: [String] = []
            for round in 0..<300 {
                Self.disturb(&stage, &random)
                Self.count(round % 4, round, &stage, &random)
                stage.run(.milliseconds(20))
                lines.append("\(stage.store.revision) \(stage.answers.count) \(stage.store.leader ?? -1)")
            }
            return lines
        }
        #expect(story() == story())
    }

    /// Adds one to a record, as far as the truth of this moment goes; whoever is late conflicts.
    private static func count(_ key: Int, _ tag: Int, _ stage: inout StoreStage, _ random: inout SimulationRandom) {
        let entry = stage.store.truth(of: "/fences/f\(key)")
        let next = (Int(StoreStage.text(entry?.record) ?? "0") ?? 0) + 1
        let expectation = entry.map { RecordExpectation.revision($0.revision) } ?? .absent
        let ticket = stage.ask(
            StoreStage.put(key, "\(next)", expectation), of: random.index(below: 3), from: 3 + random.index(below: 2),
            tag: tag)
        if random.happens(0.1) { stage.store.abandon(ticket) }
        if random.happens(0.2) {
            stage.ask(.read(.all), of: random.index(below: 3), tag: -tag - 1)
            stage.ask(.readSerializable(.all), of: random.index(below: 3), tag: -100_000 - tag)
        }
    }

    private static func disturb(_ stage: inout StoreStage, _ random: inout SimulationRandom) {
        guard random.happens(0.04) else { return }
        let member = random.index(below: 3)
        switch random.index(below: 9) {
        case 0: stage.store.stop(member: member, at: stage.now)
        case 1, 2: for member in 0..<3 { stage.store.start(member: member) }
        case 3: stage.store.changeLeader(at: stage.now)
        case 4: stage.store.deposeLeader(for: .seconds(3), at: stage.now)
        case 5: stage.cut([member], [0, 1, 2, 3, 4].filter { $0 != member }, for: .seconds(4))
        case 6: stage.cut([3], [0, 1, 2], for: .seconds(6))
        case 7:
            stage.store.pause(member: member)
            stage.run(.seconds(2))
            stage.store.resume(member: member, at: stage.now)
        default: stage.store.compact(keeping: 20, at: stage.now)
        }
    }

    /// Reads, and then watches from there, on whatever member its number says.
    private static func follow(_ reader: inout Reader, _ place: Int, _ stage: inout StoreStage) {
        guard reader.watch == nil || reader.mustRead else { return }
        if reader.mustRead, let snapshot = stage.snapshot(of: readerTags + place) {
            stage.answers[readerTags + place] = nil
            reader.records = [:]
            for entry in snapshot.entries { reader.records[entry.key] = entry.revision }
            reader.position = max(reader.position, snapshot.revision)
            reader.mustRead = false
        } else if reader.mustRead {
            stage.ask(.read(.all), of: place, tag: readerTags + place)
            return
        }
        if reader.watch == nil {
            reader.watch = stage.store.watch(
                after: reader.position, on: place, from: 3 + place % 2, tag: readerTags + place, at: stage.now)
        }
    }

    private static func hear(
        _ reader: inout Reader, _ place: Int, _ stage: inout StoreStage, _ random: inout SimulationRandom
    ) {
        for news in stage.news.removeValue(forKey: readerTags + place) ?? [] {
            switch news {
            case .changes(let changes):
                for change in changes where change.revision > reader.position {
                    reader.records[change.key] = change.stored == nil ? nil : change.revision
                }
                reader.position = max(reader.position, changes.last?.revision ?? 0)
            case .gap:
                // Reads again and begins a new watch behind what it read.
                if let watch = reader.watch { stage.store.endWatch(watch) }
                reader.watch = nil
                reader.mustRead = true
            case .broken:
                reader.watch = nil
            }
        }
        // A deadline of its own finds the watch that hangs.
        if random.happens(0.01), let watch = reader.watch {
            stage.store.endWatch(watch)
            reader.watch = nil
        }
    }
}
