import FoundryFuzz
import Glibc

// usage: FOUNDRY_FUZZ_GROUND=NAME foundry-fuzz [libFuzzer's arguments]

/// Named by the environment: libFuzzer has the arguments.
private let ground: FuzzGround = {
    guard let name = getenv("FOUNDRY_FUZZ_GROUND"), let ground = FuzzGround(rawValue: String(cString: name)) else {
        print("FOUNDRY_FUZZ_GROUND is one of \(FuzzGround.allCases.map(\.rawValue).joined(separator: ", "))")
        exit(2)
    }
    return ground
}()

/// What libFuzzer calls with each input; its own main comes with `-sanitize=fuzzer`.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    ground.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
