import FoundryEffects
import FoundryModel
import Glibc

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A command that was killed and did not die, as a file beside the container: another process of the cell finds it too.
struct HungCommand: Sendable {
    let path: String

    /// Whether one of its processes still lives. When none does, nothing is left of it.
    func isAlive() -> Bool {
        guard let text = ProcFile.read(path) else { return false }
        let processes = text.split(separator: "\n").compactMap { ProcessIdentity(parsing: String($0)) }
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
