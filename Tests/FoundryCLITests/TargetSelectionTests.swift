import FoundryModel
import FoundrySupervisor
import Testing

@testable import FoundryCommandLine

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

@Suite("Which platform, which app")
struct TargetSelectionTests {
    private let configuration = UserConfiguration(
        current: "3fa2b1",
        targets: [
            "3fa2b1": .init(url: "https://127.0.0.1:1", ca: "CA1", token: "T1"),
            "abcdef": .init(url: "https://127.0.0.1:2", ca: "CA2", token: "T2"),
        ])

    @Test("without a name the current one is taken, with a name that one")
    func chosen() throws {
        #expect(try TargetSelection.choose(named: nil, from: configuration).url == "https://127.0.0.1:1")
        #expect(try TargetSelection.choose(named: "abcdef", from: configuration).token == "T2")
    }

    @Test("without any the platform is not running, and the hint starts it")
    func none() throws {
        let error = try #require(throws: FoundryError.self) {
            try TargetSelection.choose(named: nil, from: UserConfiguration())
        }
        #expect(error.code == .notRunning)
        #expect(error.hint == "foundry up")
    }

    @Test("a name that is none gets the nearest one")
    func nearest() throws {
        let error = try #require(throws: FoundryError.self) {
            try TargetSelection.choose(named: "abcdfe", from: configuration)
        }
        #expect(error.code == .notFound)
        #expect(error.hint == "did you mean --target abcdef?")
    }

    @Test("a configuration that others can read is not used")
    func readableByOthers() throws {
        let path = "/var/tmp/foundry-user-\(UInt64.random(in: 0...(.max))).json"
        try configuration.save(path)
        defer { remove(path) }
        #expect(try TargetSelection.load(named: nil, path: path).token == "T1")
        chmod(path, 0o640)
        let error = try #require(throws: FoundryError.self) { try TargetSelection.load(named: nil, path: path) }
        #expect(error.code == .configurationInvalid)
        #expect(error.hint == "chmod 600 \(path)")
    }

    @Test("an app that is none gets the nearest one, or is said to be none")
    func apps() throws {
        let apps = [Sample.app("demo"), Sample.app("orders-db")]
        #expect(try AppLookup.find("demo", in: apps).name == "demo")
        let near = try #require(throws: FoundryError.self) { try AppLookup.find("orders-bd", in: apps) }
        #expect(near.code == .appNotFound)
        #expect(near.hint == "did you mean orders-db?")
        let member = try #require(throws: FoundryError.self) { try AppLookup.find("demo/1", in: apps) }
        #expect(member.hint?.hasPrefix("demo, with --instance 1") == true)
        let none = try #require(throws: FoundryError.self) { try AppLookup.find("demo", in: []) }
        #expect(none.hint == "foundry push redis demo")
    }
}
