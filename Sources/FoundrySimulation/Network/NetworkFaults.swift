/// How often the network mistreats a message. All of it can change at any time.
struct NetworkFaults: Hashable, Sendable {
    /// It does not arrive. On a stream: it arrives after a retransmission, or the stream breaks.
    var loss = Rate.never
    /// It takes `delayRange` longer.
    var delay = Rate.never
    var delayRange: ClosedRange<SimulationDuration> = .milliseconds(10)...(.seconds(2))
    /// It arrives twice. Never on a stream.
    var duplication = Rate.never
    /// It takes a few milliseconds longer, so that later ones pass it. Never on a stream.
    var reordering = Rate.never
    /// It arrives when nobody expects it any more.
    var veryLate = Rate.never
    var veryLateRange: ClosedRange<SimulationDuration> = .seconds(5)...(.seconds(60))
    /// A message on a stream breaks it.
    var streamBreak = Rate.never
    /// Of streams that break: the share of which the other side is told nothing.
    var silentBreak: Rate = 0.3

    static let none = Self()

    /// What a network that is neither good nor broken does.
    static let usual = Self(
        loss: 0.001, delay: 0.002, duplication: 0.000_5, reordering: 0.002, veryLate: 0.000_1, streamBreak: 0.000_1)
}

/// How much a message carries, and so how long its bytes are under way at 1 Gbit/s.
enum MessageSize: Int, Sendable, CaseIterable {
    /// A renewal, an answer: one packet.
    case small
    /// Orders, a report: tens of kilobytes.
    case medium
    /// A snapshot of the store, a page of logs: a megabyte.
    case large
    /// A step of a volume's copy: 16 MiB.
    case bulk

    var transmission: SimulationDuration {
        switch self {
        case .small: .microseconds(5)
        case .medium: .microseconds(250)
        case .large: .milliseconds(8)
        case .bulk: .milliseconds(135)
        }
    }
}
