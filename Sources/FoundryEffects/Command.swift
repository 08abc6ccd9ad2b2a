import FoundryModel
import Subprocess

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Runs the programs that we build on, each with a limit of time and of output.
///
/// No secret belongs in `arguments`: they are readable by everybody on the machine. Give it as `input`.
public struct Command: Sendable {
    public struct Output: Sendable {
        public var standardOutput: String
        public var standardError: String
        public var exitCode: Int32
    }

    public init() {}

    /// Runs a program to its end and asks for exit 0.
    ///
    /// - Throws: `command_failed` with the last of its standard error as detail; `timed_out`, after it was killed.
    @discardableResult
    public func run(
        _ program: String, _ arguments: [String], input: String = "", environment: [String: String] = [:],
        limit: Duration = .seconds(30)
    ) async throws(FoundryError) -> String {
        let output = try await result(program, arguments, input: input, environment: environment, limit: limit)
        guard output.exitCode == 0 else {
            throw FoundryError(
                .commandFailed, "\(Self.name(program)) failed with exit code \(output.exitCode).",
                detail: Self.detail(program, arguments, output.standardError))
        }
        return output.standardOutput
    }

    /// Runs a program to its end, whatever its exit code.
    ///
    /// - Throws: `command_failed` when it cannot be started or was ended by a signal; `timed_out`.
    public func result(
        _ program: String, _ arguments: [String], input: String = "", environment: [String: String] = [:],
        limit: Duration = .seconds(30)
    ) async throws(FoundryError) -> Output {
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
        var updates: [Environment.Key: String?] = ["LC_ALL": "C"]
        for (key, value) in environment { updates[Environment.Key(rawValue: key) ?? "LC_ALL"] = value }
        let configuration = Configuration(
            executable: Self.executable(program), arguments: Arguments(arguments),
            environment: .inherit.updating(updates), platformOptions: options)
        do {
            let result = try await Deadline.run(limit) {
                try await Subprocess.run(
                    configuration, input: .string(input), output: .string(limit: 4 << 20),
                    error: .string(limit: 1 << 20))
            }
            guard case .exited(let code) = result.terminationStatus else {
                throw FoundryError(
                    .commandFailed, "\(Self.name(program)) was ended by a signal.",
                    detail: Self.detail(program, arguments, "\(result.terminationStatus)"))
            }
            return Output(
                standardOutput: result.standardOutput, standardError: result.standardError, exitCode: Int32(code))
        } catch let error as FoundryError {
            throw error
        } catch is DeadlineExceeded {
            throw FoundryError(
                .timedOut, "\(Self.name(program)) did not end within \(limit).",
                detail: Self.detail(program, arguments, ""))
        } catch {
            throw FoundryError(
                .commandFailed, "\(Self.name(program)) could not be run.",
                detail: Self.detail(program, arguments, "\(error)"),
                hint: "foundry doctor")
        }
    }

    private static let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/sbin:/usr/bin").split(
        separator: ":"
    ).map(String.init)

    /// Looked for here: given a name alone, swift-subprocess forks once for every directory of PATH until one has it.
    private static func executable(_ program: String) -> Executable {
        guard !program.hasPrefix("/") else { return .path(.init(program)) }
        let places = directories.map { "\($0)/\(program)" }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }.map { .path(.init($0)) }
            ?? .name(program)
    }

    private static func name(_ program: String) -> String {
        program.split(separator: "/").last.map(String.init) ?? program
    }

    private static func detail(_ program: String, _ arguments: [String], _ text: String) -> String {
        let tail = text.split(separator: "\n").suffix(5).joined(separator: "; ")
        return ([name(program)] + arguments).joined(separator: " ").prefix(400)
            + (tail.isEmpty ? "" : ": \(tail.prefix(800))")
    }
}
