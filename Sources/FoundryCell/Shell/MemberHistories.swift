import FoundryEffects
import FoundryModel
import FoundryRules

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How often each member ended, beside its logs: what a restarted cell must not forget.
struct MemberHistories: Sendable {
    let paths: Paths

    /// Of every member that has a directory. A history that cannot be read counts as an empty one; the member is then tried as if it had never ended.
    func readAll() throws(FoundryError) -> [MemberID: RestartHistory] {
        guard HostFiles.exists(paths.members) else { return [:] }
        var histories: [MemberID: RestartHistory] = [:]
        for member in try HostFiles.names(in: paths.members).compactMap({ MemberID($0) }) {
            let bytes = FileManager.default.contents(atPath: file(member))
            let read = bytes.flatMap { try? JSONDecoder().decode(RestartHistory.self, from: $0) }
            histories[member] = read ?? RestartHistory(generation: 0)
        }
        return histories
    }

    func write(_ history: RestartHistory, of member: MemberID) throws(FoundryError) {
        do {
            try HostFiles.makeDirectory(paths.member(member))
            try DurableFile.write(JSONEncoder().encode(history), to: file(member))
        } catch let error as FoundryError {
            throw error
        } catch {
            throw FoundryError(
                .internalError, "A member's history cannot be written.", detail: "\(file(member)): \(error)")
        }
    }

    private func file(_ member: MemberID) -> String { "\(paths.member(member))/history.json" }
}
