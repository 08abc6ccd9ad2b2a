import FoundryFuzz
import FoundryTestSupport
import Testing

/// What libFuzzer found once, and what is near to it; `script/fuzz` looks for more.
@Suite("Readers of what others wrote", .serialized)
struct FuzzTests {
    @Test("take or refuse every kept input, and thousands near to them", arguments: FuzzGround.allCases)
    func seeds(_ ground: FuzzGround) throws {
        let seeds = try FuzzSeeds.read(ground)
        try #require(!seeds.isEmpty, "there is no input for \(ground.rawValue)")
        // A reader that traps ends the process: the name of the case that had begun is its last word.
        ground.run([])
        for seed in seeds { ground.run(seed) }
        var generator = Seeded(1)
        for seed in seeds {
            for _ in 0..<(2_000 / seeds.count + 1) {
                ground.run(FuzzSeeds.mutate(seed, with: seeds, using: &generator))
            }
        }
    }
}
