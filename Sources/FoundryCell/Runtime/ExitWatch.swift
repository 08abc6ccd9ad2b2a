import FoundryEffects
import FoundryModel
import FoundryRules
import Glibc
import Synchronization

/// Tells when a member's process, or its monitor, ended; for containers of ours and for adopted ones alike.
final class ExitWatch: Sendable {
    /// Told and not yet read; beyond that the oldest is dropped, and `observe` has the truth.
    static let capacity = 1024
    /// From the end of a process to its monitor's word about it.
    private static let monitorLimitMilliseconds: Int64 = 3_000

    let exits: AsyncStream<ContainerObservation>
    private let continuation: AsyncStream<ContainerObservation>.Continuation
    private let reader: ContainerReader
    private let watched = Mutex<Set<ProcessIdentity>>([])

    init(reader: ContainerReader) {
        self.reader = reader
        (exits, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.capacity))
    }

    /// Nothing happens when the container is watched already, or when its processes are gone: then `observe` tells.
    func watch(_ record: ContainerRecord) throws(FoundryError) {
        try add(record.process) { [self] in processEnded(record) }
        try add(record.monitor) { [self] in monitorEnded(record) }
    }

    private func add(_ process: ProcessIdentity, _ ended: @escaping @Sendable () -> Void) throws(FoundryError) {
        guard watched.withLock({ $0.insert(process).inserted }) else { return }
        let descriptor: Int32?
        do throws(FoundryError) { descriptor = try process.open() } catch {
            watched.withLock { _ = $0.remove(process) }
            throw error
        }
        guard let descriptor else {
            watched.withLock { _ = $0.remove(process) }
            return
        }
        DescriptorWatch.shared.add(descriptor, for: POLLIN, until: nil) { [self] outcome in
            close(descriptor)
            watched.withLock { _ = $0.remove(process) }
            if outcome == .ready { ended() }
        }
    }

    /// The monitor writes down how, and ends.
    private func processEnded(_ record: ContainerRecord) {
        guard let descriptor = (try? record.monitor.open()) ?? nil else { return tell(record) }
        let deadline = SystemClock.monotonic() + Self.monitorLimitMilliseconds
        DescriptorWatch.shared.add(descriptor, for: POLLIN, until: deadline) { [self] _ in
            close(descriptor)
            tell(record)
        }
    }

    private func monitorEnded(_ record: ContainerRecord) { if record.process.isAlive { tell(record) } }

    /// What came to an end of an earlier container of the member, or of one that was deleted, is no news.
    private func tell(_ record: ContainerRecord) {
        guard reader.record(record.member)?.process == record.process else { return }
        switch reader.read(record.member) {
        case .absent: break
        case .container(let observation): continuation.yield(observation)
        case .settling(let record): continuation.yield(reader.unseenEnd(record))
        }
    }
}
