import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is read again of the configuration that a container was made with.
struct ContainerBundle: Decodable {
    struct Linux: Decodable {
        /// The control group that runc made, and changes.
        var cgroupsPath: String
    }

    /// What runs beside the container's process, as a command or a check, is as this is.
    var process: RuntimeSpecification.Process
    var linux: Linux

    /// nil: the container is not there, or only half made.
    static func read(_ places: MonitorPlaces) -> ContainerBundle? {
        FileManager.default.contents(atPath: places.configuration).flatMap {
            try? JSONDecoder().decode(Self.self, from: $0)
        }
    }
}

extension RuntimeSpecification.Process {
    /// For `runc exec --process`. Readable by us only: the environment holds secrets, and the arguments may.
    func write(to path: String) throws(FoundryError) {
        do { try DurableFile.write(JSONEncoder().encode(self), to: path, outlivesBoot: false) } catch {
            throw FoundryError(.internalError, "A command cannot be written down.", detail: "\(path): \(error)")
        }
    }
}
