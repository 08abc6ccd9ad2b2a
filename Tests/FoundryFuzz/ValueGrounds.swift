import FoundryModel

@testable import FoundryClient
@testable import FoundryCommandLine

/// Single values as users write them, and the frames of a command that runs in a member.
enum ValueGrounds {
    static func values(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        if let size = ByteCount(parsing: text) { demand(size >= .zero, "a negative size") }
        if let share = Millicores(parsing: text) { demand(share.count >= 0, "a negative share") }
        _ = DiskSync(parsing: text)
        _ = WireTime(parsing: text)
        _ = TimeArgument(parsing: text)
        _ = LongTimeArgument(parsing: text)
        same(AppName.self, text)
        same(VolumeID.self, text)
        same(TokenName.self, text)
        same(SnapshotName.self, text)
        same(LogDrainTarget.self, text)
    }

    /// What has the shape is compared and written as it came.
    private static func same<Value: CheckedText>(_ type: Value.Type, _ text: String) {
        guard let value = Value(text) else { return }
        demand(Value(value.description) == value, "\(Value.self) changes when it is written")
    }

    /// However the bytes are cut, the same frames come; and each is written as it came.
    static func frames(_ bytes: [UInt8]) {
        let whole = decode([bytes])
        let cut = Int(bytes.first ?? 0)
        let pieces = stride(from: 0, to: bytes.count, by: cut % 7 + 1).map {
            Array(bytes[$0..<min(bytes.count, $0 + cut % 7 + 1)])
        }
        let cutUp = decode(pieces)
        demand(whole.frames == cutUp.frames && whole.isBroken == cutUp.isBroken, "pieces make another stream")
        demand(bytes.starts(with: whole.frames.flatMap(\.bytes)), "a frame is not written as it came")
    }

    private static func decode(_ pieces: [[UInt8]]) -> (frames: [ExecFrame], isBroken: Bool) {
        var decoder = ExecFrameDecoder()
        var frames: [ExecFrame] = []
        for piece in pieces {
            decoder.append(piece)
            do { while let frame = try decoder.next() { frames.append(frame) } } catch { return (frames, true) }
        }
        return (frames, false)
    }
}
