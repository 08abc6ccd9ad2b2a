import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("When fencing stops and asks")
struct BrakeRuleTests {
    private static func cells(_ zones: [Int]) -> [CellRecord] {
        zones.enumerated().map { index, zone in
            CellRecord(
                id: id(index), zone: "z\(zone)", capacity: Samples.capacity, machineID: "m", bootID: "b")
        }
    }

    private static func id(_ index: Int) -> CellID { CellID("c\(index)")! }

    private static func engages(_ zones: [Int], silent: [Int], lostBefore: [Int] = []) -> Bool {
        let brake = BrakeRule.decide(
            cells: cells(zones), silent: Set(silent.map(id)), lostBefore: Set(lostBefore.map(id)), now: Samples.start)
        if let brake { #expect(brake == Brake(since: Samples.start, cells: silent.map(id).sorted())) }
        return brake != nil
    }

    @Test("One cell alone never engages it, in clusters of one and two, and when it is a zone")
    func one() {
        #expect(!Self.engages([0], silent: [0]))
        #expect(!Self.engages([0, 0], silent: [1]))
        #expect(!Self.engages([0, 1], silent: [1]))
        #expect(!Self.engages([0, 1, 2], silent: [0]))
        #expect(!Self.engages([0, 1, 2], silent: []))
    }

    @Test("More than a third of the cells does; a third does not")
    func third() {
        #expect(Self.engages([0, 0], silent: [0, 1]))
        #expect(Self.engages([0, 0, 0], silent: [0, 1]))
        #expect(Self.engages([0, 0, 0, 0, 0], silent: [0, 1]))
        #expect(!Self.engages([0, 0, 0, 0, 0, 0], silent: [0, 1]))
        #expect(Self.engages([0, 0, 0, 0, 0, 0], silent: [0, 1, 2]))
        #expect(!Self.engages([0, 0, 0, 0, 0, 0, 0, 0, 0], silent: [0, 1, 2]))
    }

    @Test("A whole zone of two cells or more does, though it is less than a third")
    func zone() {
        let zones = [0, 0, 1, 1, 1, 2, 2, 2]
        #expect(Self.engages(zones, silent: [0, 1]))
        #expect(!Self.engages(zones, silent: [0, 2]))
        #expect(!Self.engages(zones + [3], silent: [0, 8]))
    }

    @Test("Cells that are lost for long are no part of the sum, nor of their zone")
    func lostBefore() {
        let zones = [0, 0, 0, 1, 1, 1, 1, 1, 1]
        #expect(!Self.engages(zones, silent: [3, 4]))
        #expect(Self.engages(zones, silent: [3, 4], lostBefore: [0, 1, 2, 5]))
        #expect(Self.engages([0, 0, 0, 1, 1, 1, 1, 1, 1, 1], silent: [0, 1], lostBefore: [2]))
    }

    @Test("It never lets more than a third fall at once, whatever the cluster")
    func property() {
        var random = Seeded(71)
        for _ in 0..<5_000 {
            let zones = (0..<Int.random(in: 1...12, using: &random)).map { _ in Int.random(in: 0..<4, using: &random) }
            let silent = zones.indices.filter { _ in random.chance(30) }
            let isEngaged = Self.engages(zones, silent: silent)
            if !isEngaged { #expect(silent.count <= max(1, zones.count / 3), "\(zones) \(silent)") }
            let isZoneLost = Set(zones).contains { zone in
                let own = zones.indices.filter { zones[$0] == zone }
                return own.count > 1 && own.allSatisfy(silent.contains)
            }
            if isZoneLost { #expect(isEngaged, "\(zones) \(silent)") }
        }
    }
}
