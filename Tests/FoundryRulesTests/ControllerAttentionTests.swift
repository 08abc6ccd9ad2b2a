import FoundryModel
import FoundryRules
import Testing

@Suite("What a controller looks at")
struct ControllerAttentionTests {
    @Test(
        "After every event nothing is left to be done that a look at everything would find, whatever faults and operators do",
        arguments: 40..<44)
    func overlooks(seed: Int) {
        let overlooked = TransitionRecords.overlooked(UInt64(seed))
        #expect(overlooked.isEmpty, "seed \(seed): \(overlooked.prefix(5))")
    }
}
