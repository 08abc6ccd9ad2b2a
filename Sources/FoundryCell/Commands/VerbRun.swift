import FoundryEffects
import FoundryModel

/// Runs the verbs of a release in its members.
struct VerbRun: Sendable {
    static let limitMilliseconds: Int64 = 30_000
    static let roleLimitMilliseconds: Int64 = 5_000
    /// Of what a verb writes.
    static let keptBytes = 2_048
    static let longestRole = 32
    private static let holdMilliseconds: Int64 = 5

    let paths: Paths
    let cgroups: CgroupTree

    /// Runs a verb to its end.
    ///
    /// - Throws: `verb_failed` with the last line that it wrote; never what it was given. `timed_out`.
    func run(_ order: VerbOrder, limitMilliseconds: Int64 = limitMilliseconds) async throws(FoundryError) {
        let command = command(order.member, "verb")
        let deadline = SystemClock.monotonic() + limitMilliseconds
        try await waitUntilReleased(command, order, until: deadline)
        let input = order.input.map { $0.reveal() } ?? ""
        let request = MemberCommand.Request(
            arguments: [try Self.program(order.verb)], environment: order.environment, input: order.input,
            keptBytes: Self.keptBytes + input.utf8.count, isOvertaken: true)
        let left = max(1, deadline - SystemClock.monotonic())
        switch try await command.run(request, limitMilliseconds: left) {
        case .exited(0, _): return
        case .exited(let code, let said): throw Self.failure(order, code, Self.withheld(said, input))
        case .unknown: throw Self.held(order)
        case .silent:
            throw FoundryError(.timedOut, "`\(order.verb)` did not end within \(limitMilliseconds / 1_000) s.")
        case .stuck:
            throw FoundryError(.timedOut, "An earlier verb was killed and has not ended.", detail: order.verb)
        }
    }

    /// What a member says that it is: one word; nil: nothing of use.
    func role(of member: MemberID, verb: String) async -> String? {
        let command = command(member, verb)
        guard let program = try? Self.program(verb),
            case .exited(0, let said)? = try? await command.run(
                .init(arguments: [program], keptBytes: 256, keepsErrors: false),
                limitMilliseconds: Self.roleLimitMilliseconds)
        else { return nil }
        let word = ProbeWords.lastLine(said)
        let isWord = word.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
        return !word.isEmpty && word.utf8.count <= Self.longestRole && isWord ? word : nil
    }

    private func command(_ member: MemberID, _ name: String) -> MemberCommand {
        MemberCommand(paths: paths, cgroups: cgroups, member: member, name: name)
    }

    /// A flush, or a snapshot, holds a member for some milliseconds.
    private func waitUntilReleased(
        _ command: MemberCommand, _ order: VerbOrder, until deadline: MonotonicTime
    ) async throws(FoundryError) {
        while command.isHeld {
            guard SystemClock.monotonic() < deadline else { throw Self.held(order) }
            do { try await SystemClock.sleep(.milliseconds(Self.holdMilliseconds)) } catch { throw Self.held(order) }
        }
    }

    private static func program(_ verb: String) throws(FoundryError) -> String {
        let isName = verb.utf8.allSatisfy {
            (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d || $0 == 0x5f
        }
        guard !verb.isEmpty, isName else { throw FoundryError(.internalError, "That is no verb's name.", detail: verb) }
        return "/foundry/verbs/\(verb)"
    }

    private static func held(_ order: VerbOrder) -> FoundryError {
        FoundryError(.verbFailed, "`\(order.verb)` cannot run: its member is held by the platform.")
    }

    private static func failure(_ order: VerbOrder, _ code: Int32, _ said: [UInt8]) -> FoundryError {
        let line = ProbeWords.lastLine(said)
        return FoundryError(
            .verbFailed, "`\(order.verb)` ended with exit code \(code)\(line.isEmpty ? "." : ": \(line)")",
            detail: ProbeWords.shown(said))
    }

    /// What it wrote, without what it was given; also where the end that was kept begins within that.
    static func withheld(_ said: [UInt8], _ input: String) -> [UInt8] {
        let secret = Array(input.utf8)
        guard !secret.isEmpty else { return said }
        var rest = said[...]
        // The beginning of what was kept may be the end of a secret.
        let isCut = said.count >= keptBytes + secret.count
        var clean: [UInt8] = []
        let safe = isCut ? secret.count : 0
        while !rest.isEmpty {
            if rest.starts(with: secret) {
                clean += "(secret)".utf8
                rest = rest.dropFirst(secret.count)
            } else {
                if rest.startIndex >= safe { clean.append(rest[rest.startIndex]) }
                rest = rest.dropFirst()
            }
        }
        return clean
    }
}
