import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("A cell among many")
struct CellGuardedTests {
    @Test(
        "Whatever is ordered, fenced, killed or fired: no promise is broken, no guarded member starts without its session, and in the end all run",
        arguments: 0..<30)
    func properties(seed: Int) {
        var world = CellGuardedWorld(seed: UInt64(4_000 + seed))
        for _ in 0..<250 { world.step() }
        world.settle()
        #expect(world.allViolations.isEmpty, "seed \(seed): \(world.allViolations.prefix(3))")
    }

    @Test("These runs reach what they are for")
    func reaches() {
        var reached: Set<CellEffectName> = []
        var words = 0
        for seed in 0..<12 {
            var world = CellGuardedWorld(seed: UInt64(4_000 + seed))
            for _ in 0..<250 { world.step() }
            reached.formUnion(world.reached.keys)
            words += world.words
        }
        let wanted: Set<CellEffectName> = [
            .memberGuard, .memberUnguard, .memberWire, .promiseWrite, .guardsUnlatch, .volumeSeal, .volumeTake,
        ]
        #expect(wanted.isSubset(of: reached) && words > 20, "\(reached), \(words) words")
    }
}
