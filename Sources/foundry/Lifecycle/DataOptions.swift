import ArgumentParser
import FoundryEffects
import FoundryModel
import FoundrySupervisor

#if canImport(Glibc)
import Glibc
#endif

/// Which installation of this machine is meant.
struct DataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Where the platform keeps its state on this machine.", valueName: "dir"),
        completion: .directory)
    var data = UpOptions.usualData

    /// Absolute.
    var directory: String { AbsolutePath.of(data) }

    /// - Throws: `not_running` when nothing was ever set up there; `configuration_invalid`.
    func paths() throws(FoundryError) -> Paths {
        let configuration = try ConfigurationFile.require(data: directory)
        return Paths(data: directory, instance: configuration.instance)
    }

    /// - Throws: as `paths()`.
    func configuration() throws(FoundryError) -> PlatformConfiguration {
        try ConfigurationFile.require(data: directory)
    }

    static func requireRoot() throws(FoundryError) {
        guard geteuid() == 0 else { throw FoundryError(.machineUnfit, "This needs root.", hint: "run it by sudo") }
        ProgramPath.adopt()
    }
}
