import FoundryModel

/// Finds the programs that must be named by their whole path.
enum ProgramPath {
    private static let directories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]

    /// - Throws: `machine_unfit` when it is not installed.
    static func find(_ name: String) throws(FoundryError) -> String {
        for directory in directories where HostFiles.exists("\(directory)/\(name)") { return "\(directory)/\(name)" }
        throw FoundryError(
            .machineUnfit, "The program \(name) is not installed.", detail: directories.joined(separator: ":"),
            hint: "foundry doctor")
    }
}
