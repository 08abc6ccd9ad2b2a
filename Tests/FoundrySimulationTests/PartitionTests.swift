import Testing

@testable import FoundrySimulation

struct PartitionTests {
    private let start = SimulationTime(microseconds: 1_000_000)
    private let end = SimulationTime(microseconds: 61_000_000)

    private func network() -> SimulatedNetwork<Int> {
        SimulatedNetwork(nodes: 5, random: SimulationRandom(seed: 1), counters: FaultCounters())
    }

    private func plans(seed: UInt64) -> [PartitionPlan] {
        var random = SimulationRandom(seed: seed)
        return [
            .symmetric([0, 1], [2, 3, 4], from: start, to: end), .oneWay([0], [1, 2], from: start, to: end),
            .partial([0, 1, 2, 3, 4], share: 0.4, from: start, to: end, using: &random),
            .swizzled([0, 1], [2, 3, 4], from: start, to: end, using: &random),
            .flapping(
                [0], [1, 2, 3, 4], from: start, to: end, period: .milliseconds(100)...(.seconds(4)), using: &random),
        ]
    }

    @Test(arguments: 0..<20) func everyCutOfAPlanEndsWithinIt(seed: UInt64) {
        for plan in plans(seed: seed) {
            var network = network()
            #expect(!plan.changes.isEmpty || plan.kind == .partitionPartial)
            #expect(plan.changes.map(\.time) == plan.changes.map(\.time).sorted())
            #expect(plan.changes.allSatisfy { (start...end).contains($0.time) })
            for change in plan.changes { network.apply(change) }
            for from in 0..<5 { for to in 0..<5 { #expect(network.isOpen(from: from, to: to)) } }
        }
    }

    @Test func aSymmetricOneCutsBothWaysAndAOneWayOneDoesNot() {
        var network = network()
        for change in PartitionPlan.symmetric([0, 1], [2], from: start, to: end).changes where change.isCut {
            network.apply(change)
        }
        #expect(!network.isOpen(from: 0, to: 2) && !network.isOpen(from: 2, to: 1))
        #expect(network.isOpenBothWays(0, 1) && network.isOpenBothWays(2, 3))
        for change in PartitionPlan.oneWay([3], [4], from: start, to: end).changes where change.isCut {
            network.apply(change)
        }
        #expect(!network.isOpen(from: 3, to: 4) && network.isOpen(from: 4, to: 3))
    }

    @Test func aSwizzledOneCutsLinksOneByOneAndBringsThemBackInAnotherOrder() {
        var random = SimulationRandom(seed: 3)
        let plan = PartitionPlan.swizzled([0, 1], [2, 3, 4], from: start, to: end, using: &random)
        let cuts = plan.changes.filter(\.isCut).map { [$0.from, $0.to] }
        let backs = plan.changes.filter { !$0.isCut }.map { [$0.from, $0.to] }
        #expect(Set(plan.changes.map(\.time)).count == 24)
        #expect(Set(cuts) == Set(backs))
        #expect(cuts != backs)
    }

    @Test func aLinkThatTwoPartitionsCutIsOpenWhenBothHaveEnded() {
        var network = network()
        let change = LinkChange(time: start, from: 0, to: 1, isCut: true)
        let back = LinkChange(time: end, from: 0, to: 1, isCut: false)
        network.apply(change)
        network.apply(change)
        network.apply(back)
        #expect(!network.isOpen(from: 0, to: 1))
        let version = network.version
        network.apply(back)
        #expect(network.isOpen(from: 0, to: 1))
        #expect(network.version > version)
        network.apply(change)
        network.heal()
        #expect(network.isOpen(from: 0, to: 1))
    }
}
