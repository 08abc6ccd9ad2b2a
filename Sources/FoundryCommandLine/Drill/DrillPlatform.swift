import FoundryClient
import FoundryEffects
import FoundryModel
import FoundrySupervisor

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A platform of the drill's own, below a scratch directory, used as a person uses it: by the command line.
struct DrillPlatform: Sendable {
    /// Of one command, unless it says otherwise.
    static let usualLimit = Duration.seconds(60)
    static let startLimit = Duration.seconds(180)
    private static let poolSize = "24G"

    let place: String
    var data: String { "\(place)/data" }
    var home: String { "\(place)/home" }

    /// Starts one.
    static func begin() async throws -> DrillPlatform {
        let platform = DrillPlatform(place: try Scratch.make("drill"))
        do {
            try FileManager.default.createDirectory(
                atPath: platform.home, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            try await platform.up()
        } catch {
            try? await Interruption.passes { try await platform.end() }
            throw error
        }
        return platform
    }

    func up() async throws {
        try await foundry(["up", "--data", data, "--pool-size", Self.poolSize], limit: Self.startLimit)
    }

    /// Nothing of it stays.
    func end() async throws {
        if FileManager.default.fileExists(atPath: Paths.configuration(of: data)) {
            try await foundry(["reset", "--yes", "--data", data], limit: Self.startLimit)
        }
        // Of a container that was not taken away.
        for mount in try MountTable.read().under(place).reversed() { try await Command().run("umount", [mount.target]) }
        try FileManager.default.removeItem(atPath: place)
    }

    /// Runs one command line.
    ///
    /// - Returns: its standard output.
    /// - Throws: what it said, with its code.
    @discardableResult
    func foundry(_ words: [String], limit: Duration = usualLimit) async throws(FoundryError) -> String {
        let output = try await attempt(words, limit: limit)
        guard output.exitCode == 0 else { throw Self.failure(words, output) }
        return output.standardOutput
    }

    func attempt(_ words: [String], limit: Duration = usualLimit) async throws(FoundryError) -> Command.Output {
        // A command that is killed leaves nothing elsewhere.
        try await Command().result(
            ProgramPath.ownExecutable, words, environment: ["FOUNDRY_HOME": home, "TMPDIR": place], limit: limit)
    }

    /// Runs one that answers in JSON.
    func ask<Answer: Decodable>(
        _ type: Answer.Type, _ words: [String], limit: Duration = usualLimit
    ) async throws -> Answer {
        let text = try await foundry(words + ["--output", "json"], limit: limit)
        return try WireJSON.decode(type, from: Data(text.utf8))
    }

    func configuration() throws(FoundryError) -> PlatformConfiguration { try ConfigurationFile.require(data: data) }

    func paths() throws(FoundryError) -> Paths { Paths(data: data, instance: try configuration().instance) }

    /// Kills every daemon of it, the supervisor first: nobody starts the others again then.
    ///
    /// - Returns: how many there were.
    func killAll() throws -> Int {
        let run = try paths().run
        let names = try FileManager.default.contentsOfDirectory(atPath: run).filter { $0.hasSuffix(".pid") }.sorted {
            ($0 == "supervisor.pid" ? "" : $0) < ($1 == "supervisor.pid" ? "" : $1)
        }
        let living = names.compactMap { PidFile.live("\(run)/\($0)") }
        for process in living where !process.signal(SIGKILL) {
            throw DrillFailure("a daemon cannot be killed")
        }
        return living.count
    }

    private static func failure(_ words: [String], _ output: Command.Output) -> FoundryError {
        let lines = output.standardError.split(separator: "\n").map(String.init)
        let said = lines.last { $0.hasPrefix("error[") } ?? lines.last ?? "it said nothing"
        return FoundryError(
            .commandFailed, "foundry \(words.prefix(4).joined(separator: " ")) ended with \(output.exitCode): \(said)",
            detail: lines.suffix(5).joined(separator: "; "))
    }
}
