import Foundation
import FoundryEffects
import Testing

@testable import foundry

@Suite("Completion by the shell")
struct CompletionTests {
    /// A file with the shell's script, for as long as the work takes.
    private static func withScript(
        _ shell: ShellName, _ work: (String) async throws -> Void
    ) async throws {
        let path = NSTemporaryDirectory() + "foundry-completion-\(UUID().uuidString).\(shell.rawValue)"
        try Foundry.completionScript(for: shell.shell).write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await work(path)
    }

    @Test("each shell takes its script", arguments: ShellName.allCases)
    func parses(shell: ShellName) async throws {
        try await Self.withScript(shell) { path in
            let answer = try await Command().result(shell.rawValue, ["-n", path])
            #expect(answer.exitCode == 0 && answer.standardError.isEmpty, "\(answer.standardError)")
        }
    }

    @Test("bash completes a command, an option, and the name of an app by asking for it")
    func bash() async throws {
        try await Self.withScript(.bash) { path in
            let complete = """
                foundry() { [[ $1 == completion-apps ]] && printf '%s\\n' orders sessions; }
                source "$1"
                complete=$(complete -p foundry) && complete=${complete##* -F } && complete=${complete%% *}
                shift
                COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
                "$complete" foundry "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            for (words, expected) in [
                (["foundry", "sca"], "scale"), (["foundry", "scale", "--mem"], "--memory"),
                (["foundry", "why", "ord"], "orders"), (["foundry", "completion", "fi"], "fish"),
            ] {
                let answer = try await Command().result("bash", ["-c", complete, "bash", path] + words)
                let found = answer.standardOutput.split(separator: "\n").map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
                #expect(found.contains(expected), "\(words): \(answer.standardOutput)\(answer.standardError)")
            }
        }
    }

    @Test("fish completes them, too")
    func fish() async throws {
        try await Self.withScript(.fish) { path in
            for (line, expected) in [("foundry sca", "scale"), ("foundry why ord", "orders")] {
                let program = """
                    function foundry; test "$argv[1]" = completion-apps; and printf '%s\\n' orders sessions; end
                    source $argv[1]; complete -C $argv[2]
                    """
                let answer = try await Command().result("fish", ["--no-config", "-c", program, path, line])
                let found = answer.standardOutput.split(separator: "\n").compactMap { $0.split(separator: "\t").first }
                #expect(found.contains { $0 == expected }, "\(line): \(answer.standardOutput)\(answer.standardError)")
            }
        }
    }
}
