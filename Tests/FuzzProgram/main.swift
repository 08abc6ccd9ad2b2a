import CFuzzer
import FoundryFuzz
import Glibc

// usage: FOUNDRY_FUZZ_GROUND=NAME foundry-fuzz [libFuzzer's arguments]

guard let ground = getenv("FOUNDRY_FUZZ_GROUND").flatMap({ FuzzGround(rawValue: String(cString: $0)) }) else {
    for ground in FuzzGround.allCases { print(ground.rawValue) }
    exit(2)
}
chosen = ground

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
exit(
    LLVMFuzzerRunDriver(&count, &arguments) { bytes, length in
        chosen.run(Array(UnsafeBufferPointer(start: bytes, count: length)))
        return 0
    })
