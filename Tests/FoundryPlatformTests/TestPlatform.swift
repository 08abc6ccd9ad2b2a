import Foundation
import FoundryEffects
import FoundryModel

/// A whole installation of its own, in a data directory of its own, driven by the built command line as a user drives it.
final class TestPlatform: Sendable {
    /// What a command said, and how it ended.
    struct Answer: Sendable {
        var output: String
        var errors: String
        var exitCode: Int32

        var json: Any? { try? JSONSerialization.jsonObject(with: Data(output.utf8)) }
        /// With `--output json` an error is one line of JSON on standard error.
        var errorJSON: Any? { try? JSONSerialization.jsonObject(with: Data(errors.utf8)) }
    }

    static let executable: String = {
        let runner = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        let candidates = [runner.deletingLastPathComponent(), URL(fileURLWithPath: ".build/debug")]
        return candidates.map { $0.appendingPathComponent("foundry").path }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
            ?? "foundry"
    }()
    static let images = "/var/cache/foundry/images"
    /// Shared by the tests' installations: unpacking is tested elsewhere.
    static let layers = "/var/cache/foundry/layers"

    let root: String
    let data: String
    let killPoints: String
    private let command = Command()

    /// What all tests of a suite with `.onePlatform` share.
    @TaskLocal static var shared: TestPlatform?

    init(_ name: String) throws {
        root = "/var/tmp/foundry-test-\(name)-\(getpid())"
        data = root + "/data"
        killPoints = root + "/kill"
        for directory in [root, killPoints, root + "/home"] {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
    }

    var environment: [String: String] {
        [
            "FOUNDRY_HOME": root + "/home", "FOUNDRY_KILL_POINTS": killPoints,
            "PGSERVICEFILE": root + "/pg_service.conf", "NO_COLOR": "1",
        ]
    }

    /// Runs one command line, and gives it a minute.
    func foundry(_ arguments: String..., limit: Duration = .seconds(120)) async throws -> Answer {
        try await foundry(arguments, limit: limit)
    }

    func foundry(_ arguments: [String], limit: Duration = .seconds(120)) async throws -> Answer {
        let output = try await command.result(Self.executable, arguments, environment: environment, limit: limit)
        return Answer(output: output.standardOutput, errors: output.standardError, exitCode: output.exitCode)
    }

    /// Runs a command that must succeed.
    @discardableResult
    func must(_ arguments: String..., limit: Duration = .seconds(120)) async throws -> Answer {
        try await must(arguments, limit: limit)
    }

    @discardableResult
    func must(_ arguments: [String], limit: Duration = .seconds(120)) async throws -> Answer {
        let answer = try await foundry(arguments, limit: limit)
        guard answer.exitCode == 0 else {
            throw Failure(
                "foundry \(arguments.joined(separator: " ")) ended with \(answer.exitCode): \(answer.errors)\(answer.output)"
            )
        }
        return answer
    }

    /// Repeats a command while the platform is being killed under it: what a patient client does.
    @discardableResult
    func eventually(_ arguments: String..., limit: Duration = .seconds(90)) async throws -> Answer {
        var last = ""
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            let answer = try await foundry(arguments, limit: limit)
            if answer.exitCode == 0 { return answer }
            last = answer.errors
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Failure("foundry \(arguments.joined(separator: " ")) never succeeded: \(last)")
    }

    var upArguments: [String] {
        ["up", "--data", data, "--images", Self.images, "--layers", Self.layers, "--pool-size", "2G"]
    }

    func up() async throws {
        let answer = try await foundry(upArguments)
        guard answer.exitCode == 0 else {
            throw Failure("up ended with \(answer.exitCode): \(answer.errors)\(answer.output)")
        }
    }

    func configuration() throws -> PlatformConfiguration {
        try JSONDecoder().decode(
            PlatformConfiguration.self, from: Data(contentsOf: URL(fileURLWithPath: Paths.configuration(of: data))))
    }

    func paths() throws -> Paths { Paths(data: data, instance: try configuration().instance) }

    /// The process of a daemon, by its pid file.
    func pid(_ daemon: String) throws -> Int32? {
        guard let text = try? String(contentsOfFile: try paths().pidFile(daemon), encoding: .utf8) else { return nil }
        return Int32(text.prefix { $0.isNumber })
    }

    func kill(_ daemon: String) throws {
        guard let pid = try pid(daemon) else { return }
        Glibc.kill(pid, SIGKILL)
    }

    /// Runs the body on a platform that is up, and removes every trace of it, whatever happens.
    static func with(_ name: String, starting: Bool = true, _ body: (TestPlatform) async throws -> Void) async throws {
        let platform = try TestPlatform(name)
        do {
            if starting { try await platform.up() }
            try await body(platform)
        } catch {
            platform.keepLogs()
            try? await platform.remove()
            throw error
        }
        try await platform.remove()
    }

    /// The daemons' logs outlive a failed test, for whoever looks for the reason.
    func keepLogs() {
        let place = "/var/tmp/foundry-failed-\(URL(fileURLWithPath: root).lastPathComponent)"
        try? FileManager.default.removeItem(atPath: place)
        try? FileManager.default.copyItem(atPath: data + "/log", toPath: place)
    }

    private func remove() async throws {
        for point in (try? FileManager.default.contentsOfDirectory(atPath: killPoints)) ?? [] {
            try FileManager.default.removeItem(atPath: "\(killPoints)/\(point)")
        }
        let answer = try await foundry("reset", "--yes", "--data", data)
        guard answer.exitCode == 0 else {
            throw Failure("reset ended with \(answer.exitCode): \(answer.errors)\(answer.output)")
        }
        try FileManager.default.removeItem(atPath: root)
    }
}

/// Why a test could not go on.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Waits for something that must come about, and says what did not.
func eventually(
    _ what: String, within limit: Duration = .seconds(30), _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw Failure("within \(limit) it did not come about: \(what)")
}
