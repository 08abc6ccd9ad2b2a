import FoundryEffects
import FoundryModel
import Glibc

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A command that was killed and did not die, or that may outlive who began it, as a file beside the container: another process of the cell finds
/// it too.
struct HungCommand: Sendable {
    private static let endMilliseconds: Int64 = 1_000

    let path: String

    private var processes: [ProcessIdentity] {
        (ProcFile.read(path) ?? "").split(separator: "\n").compactMap { ProcessIdentity(parsing: String($0)) }
    }

    /// What is left of it, with all that it began; what does not die is still noted.
    func kill() async throws(FoundryError) {
        let living = processes.filter(\.isAlive)
        let children = living.flatMap { ChildrenOfProcess.list($0.pid) }.compactMap { ProcessIdentity(living: $0) }
        let all = Array(Set(living + children))
        try note(all)
        try await Self.kill(all)
    }

    static func kill(_ processes: [ProcessIdentity]) async throws(FoundryError) {
        for process in processes {
            // runc's own session, and that of the command.
            _ = Glibc.kill(-process.pid, SIGKILL)
            try process.signal(SIGKILL)
        }
        for process in processes { _ = try await process.waitForEnd(limitMilliseconds: endMilliseconds) }
    }

    func forget() { unlink(path) }

    /// Whether one of its processes still lives. When none does, nothing is left of it.
    func isAlive() -> Bool {
        let processes = processes
        guard !processes.contains(where: \.isAlive) else { return true }
        // A runc that was our child and died late.
        for process in processes { _ = waitpid(process.pid, nil, WNOHANG) }
        unlink(path)
        return false
    }

    func note(_ processes: [ProcessIdentity]) throws(FoundryError) {
        guard !processes.isEmpty else { return }
        let text = processes.map(\.description).joined(separator: "\n")
        do { try DurableFile.write(Data(text.utf8), to: path, outlivesBoot: false) } catch {
            throw FoundryError(.internalError, "A hung command cannot be noted.", detail: "\(path): \(error)")
        }
    }
}

/// The processes that a process began and that did not end.
enum ChildrenOfProcess {
    static func list(_ parent: Int32) -> [Int32] {
        let names = (try? HostFiles.names(in: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { pid in
            guard let stat = ProcFile.read("/proc/\(pid)/stat"), let end = stat.lastIndex(of: ")") else { return false }
            let fields = stat[stat.index(after: end)...].split(separator: " ")
            return fields.count > 1 && Int32(fields[1]) == parent
        }
    }
}
