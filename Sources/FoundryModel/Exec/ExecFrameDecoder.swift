/// Cuts what comes over a connection into frames.
///
/// It holds no more than what was given to it and not taken; a frame that is too large is refused by its head.
public struct ExecFrameDecoder: Sendable {
    private static let headLength = 5

    private var bytes: [UInt8] = []
    private var place = 0

    public init() {}

    public mutating func append(_ more: [UInt8]) {
        if place > 0 {
            bytes.removeFirst(place)
            place = 0
        }
        bytes += more
    }

    /// - Returns: nil when the next one has not come whole.
    /// - Throws: `bad_request` for what is no frame. Nothing that follows can be read then.
    public mutating func next() throws(FoundryError) -> ExecFrame? {
        guard bytes.count - place >= Self.headLength else { return nil }
        let length = bytes[place + 1..<place + Self.headLength].reduce(0) { $0 << 8 | Int($1) }
        guard length <= ExecLimits.largestPayload else {
            throw FoundryError(.badRequest, "A frame is longer than \(ExecLimits.largestPayload) bytes.")
        }
        let begin = place + Self.headLength
        guard bytes.count >= begin + length else { return nil }
        guard let frame = ExecFrame(kind: bytes[place], payload: Array(bytes[begin..<begin + length])) else {
            throw FoundryError(.badRequest, "What came is no frame.", detail: "kind \(bytes[place]), \(length) bytes")
        }
        place = begin + length
        return frame
    }
}
