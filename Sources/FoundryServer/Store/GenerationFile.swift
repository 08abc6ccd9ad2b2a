import FoundryEffects
import FoundryModel

/// The newest generation of the store that this installation has seen, on its own disk: a backup may be from before an earlier restore.
///
/// It is there since the store is, so it also says that a store which is missing is not one that was never made.
struct GenerationFile {
    let path: String

    init(_ paths: Paths) { path = paths.generation }

    /// nil: there was no store yet.
    var newest: UInt16? { ProcFile.line(path).flatMap { UInt16($0) } }

    /// It only grows.
    func note(_ generation: UInt16) throws(FoundryError) {
        if let newest, newest >= generation { return }
        do { try DurableFile.write("\(generation)\n".utf8, to: path) } catch {
            throw FoundryError(
                .machineUnfit, "\(path) cannot be written.", detail: "\(error)", hint: "foundry doctor")
        }
    }
}
