import FoundryModel
import FoundryTestSupport
import Testing

@Suite("Frames of a command")
struct ExecFrameTests {
    private static let all: [ExecFrame] = [
        .begin([1]), .begin([]), .input([0, 255]), .inputEnd, .resize(TerminalSize(rows: 1, columns: 65_535)),
        .resize(TerminalSize(rows: 300, columns: 2)), .output([7]), .errorOutput([8, 9]), .credit(1),
        .credit(ExecLimits.window), .started, .ended(0), .ended(137), .failed([4]), .alive,
        .input([UInt8](repeating: 5, count: ExecLimits.largestPayload)),
    ]

    private static func decode(_ bytes: [UInt8]) throws(FoundryError) -> [ExecFrame] {
        var decoder = ExecFrameDecoder()
        decoder.append(bytes)
        var frames: [ExecFrame] = []
        while let frame = try decoder.next() { frames.append(frame) }
        return frames
    }

    @Test("arrive as they were sent, however the bytes are cut")
    func roundTrip() throws {
        let bytes = Self.all.flatMap(\.bytes)
        #expect(try Self.decode(bytes) == Self.all)
        for seed: UInt64 in 0..<20 {
            var random = Seeded(seed)
            var decoder = ExecFrameDecoder()
            var (rest, frames): (ArraySlice<UInt8>, [ExecFrame]) = (bytes[...], [])
            while !rest.isEmpty {
                let count = Int.random(in: 1...(random.chance(50) ? 7 : 40_000), using: &random)
                decoder.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
                while let frame = try decoder.next() { frames.append(frame) }
            }
            #expect(frames == Self.all, "seed \(seed)")
        }
    }

    @Test("The bytes are those of the reference")
    func bytes() {
        #expect(ExecFrame.input([65, 66]).bytes == [2, 0, 0, 0, 2, 65, 66])
        #expect(ExecFrame.resize(TerminalSize(rows: 258, columns: 80)).bytes == [4, 0, 0, 0, 4, 1, 2, 0, 80])
        #expect(ExecFrame.credit(66_051).bytes == [7, 0, 0, 0, 4, 0, 1, 2, 3])
        #expect(ExecFrame.ended(127).bytes == [9, 0, 0, 0, 1, 127])
        #expect(ExecFrame.alive.bytes == [11, 0, 0, 0, 0])
    }

    @Test("A frame that has not come whole is waited for")
    func partial() throws {
        for frame in Self.all {
            for count in Set([0, 1, 4, 5, frame.bytes.count - 1]) where count < frame.bytes.count {
                #expect(try Self.decode(Array(frame.bytes.prefix(count))) == [], "\(count) bytes of \(frame)")
            }
        }
    }

    @Test("What is no frame is refused, one that is too large by its head alone")
    func refused() {
        let wrong: [[UInt8]] = [
            [0, 0, 0, 0, 0], [12, 0, 0, 0, 0], [255, 0, 0, 0, 1, 1], [3, 0, 0, 0, 1, 9], [4, 0, 0, 0, 3, 1, 1, 1],
            [7, 0, 0, 0, 5, 0, 0, 0, 0, 0], [8, 0, 0, 0, 1, 0], [9, 0, 0, 0, 0], [9, 0, 0, 0, 2, 0, 0],
            [11, 0, 0, 0, 1, 0], [2, 0, 1, 0, 1], [2, 255, 255, 255, 255], Array("GET / HTTP/1.1\r\n".utf8),
        ]
        for bytes in wrong {
            let error = #expect(throws: FoundryError.self) { try Self.decode(bytes) }
            #expect(error?.code == .badRequest, "\(bytes)")
        }
    }

    @Test("Random bytes are frames or refused, and never more than was sent")
    func random() {
        for seed: UInt64 in 0..<500 {
            var random = Seeded(seed)
            let bytes = (0..<Int.random(in: 0...64, using: &random)).map { _ in
                random.chance(60) ? UInt8.random(in: 0...12, using: &random) : 0
            }
            let frames = (try? Self.decode(bytes)) ?? []
            #expect(bytes.starts(with: frames.flatMap(\.bytes)), "seed \(seed)")
        }
    }
}
