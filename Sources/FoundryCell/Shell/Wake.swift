/// Tells a waiting loop that there is something to do; many calls before it looks are one.
struct Wake: Sendable {
    let calls: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (calls, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func call() { continuation.yield() }
    func finish() { continuation.finish() }
}
