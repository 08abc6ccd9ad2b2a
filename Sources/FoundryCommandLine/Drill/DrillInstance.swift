import FoundryClient
import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One plan's instance, and the records in it.
struct DrillInstance: Sendable {
    /// Within which it must serve again, whatever was done to it.
    static let healthLimit: Int64 = 120_000
    private static let pause = Duration.milliseconds(200)

    let platform: DrillPlatform
    let container: DrillContainer
    let plan: ReleasePlanSummary
    let name: String
    var records = DrillRecords()

    private struct KeyAnswer: Decodable {
        var credentials: [String: WireValue]
    }

    func service() async throws -> ServiceInstanceAnswer {
        try await platform.ask(ServiceInstanceAnswer.self, ["service", name])
    }

    func credentials(_ key: String) async throws -> [String: WireValue] {
        try await platform.ask(KeyAnswer.self, ["service-key", name, key]).credentials
    }

    /// Writes so many new records; those that were acknowledged count from then on.
    ///
    /// - Parameter mayBreak: the server is being killed: it need not acknowledge all.
    /// - Returns: how many were acknowledged.
    @discardableResult
    mutating func write(
        _ count: Int, with credentials: [String: WireValue], mayBreak: Bool = false
    ) async throws -> Int {
        let numbers = records.take(count)
        let output = try await send(numbers, with: credentials)
        return try accept(output, of: numbers, mayBreak: mayBreak)
    }

    /// Nothing of it counts before `accept`.
    func send(_ numbers: [Int], with credentials: [String: WireValue]) async throws -> Command.Output {
        try await container.run(
            "write", credentials: credentials, input: numbers.map { "\($0)\n" }.joined())
    }

    mutating func accept(_ output: Command.Output, of numbers: [Int], mayBreak: Bool) throws -> Int {
        let said = try Self.numbers(output.standardOutput, of: "write")
        try records.acknowledge(said)
        guard mayBreak || output.exitCode == 0 && said.count == numbers.count else {
            throw DrillFailure(
                "drill/write ended with \(output.exitCode) after \(said.count) of \(numbers.count) records: "
                    + Self.last(output.standardError))
        }
        return said.count
    }

    /// - Returns: what is there; nil when the server refused, or did not answer.
    func read(with credentials: [String: WireValue]) async throws -> (records: Set<Int>?, why: String) {
        let output = try await container.run("read", credentials: credentials, input: "")
        guard output.exitCode == 0 else { return (nil, Self.last(output.standardError)) }
        return (Set(try Self.numbers(output.standardOutput, of: "read")), "")
    }

    /// Stays until it serves, and every acknowledged record is read back.
    ///
    /// - Parameter isMet: asked of the instance before, until it is so.
    /// - Returns: milliseconds until then.
    /// - Throws: when the limit passes first, or a record is lost.
    @discardableResult
    func awaitHealth(
        with credentials: [String: WireValue], _ isMet: (ServiceInstanceAnswer) -> Bool = { _ in true }
    ) async throws -> Int64 {
        let began = SystemClock.monotonic()
        var why = "it is not running"
        while SystemClock.monotonic() - began < Self.healthLimit {
            do {
                let now = try await service()
                let isHealthy =
                    now.foundry.members.count == plan.members
                    && now.foundry.members.allSatisfy { $0.phase == "healthy" }
                why = "\(now.foundry.state), \(ServiceWords.operation(now.lastOperation))"
                if isHealthy, isMet(now), now.lastOperation.state != "in progress" {
                    let (found, reason) = try await read(with: credentials)
                    if let found {
                        try records.check(found)
                        return SystemClock.monotonic() - began
                    }
                    why = "drill/read: \(reason)"
                }
            } catch let error as FoundryError {
                // The server may be away for a moment: that is what is being tried.
                why = error.message
            }
            try await SystemClock.sleep(Self.pause)
        }
        throw DrillFailure("it does not serve after \(Self.healthLimit / 1000) s: \(why)")
    }

    /// - Throws: when the credentials open something after the limit.
    func awaitRefusal(of credentials: [String: WireValue], limit: Int64) async throws {
        let began = SystemClock.monotonic()
        while SystemClock.monotonic() - began < limit {
            if try await read(with: credentials).records == nil { return }
            try await SystemClock.sleep(Self.pause)
        }
        throw DrillFailure("credentials that were taken back still open it after \(limit / 1000) s")
    }

    private static func numbers(_ text: String, of program: String) throws(DrillFailure) -> [Int] {
        var numbers: [Int] = []
        for line in text.split(separator: "\n") {
            guard let number = Int(line) else {
                throw DrillFailure("drill/\(program) printed '\(line.prefix(60))', which is no number")
            }
            numbers.append(number)
        }
        return numbers
    }

    /// Its last line, whichever way it ends its lines.
    static func last(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).last.map { String($0.prefix(400)) } ?? "it said nothing"
    }
}
