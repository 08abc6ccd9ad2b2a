import FoundryModel
import Testing

@testable import FoundryCommandLine

@Suite("Variables of an app")
struct EnvironmentArgumentsTests {
    private let own: (String) -> String? = { ["TOKEN": "t0p"][$0] }

    @Test("a value is everything behind the first equals sign")
    func values() throws {
        #expect(
            try EnvironmentArguments.parse(["A=1", "B=x=y", "C=", "_D2=\"q\""], own: own) == [
                "A": "1", "B": "x=y", "C": "", "_D2": "\"q\"",
            ])
    }

    @Test("a name alone takes this shell's value, and is refused when there is none")
    func fromShell() throws {
        #expect(try EnvironmentArguments.parse(["TOKEN"], own: own) == ["TOKEN": "t0p"])
        let error = try #require(throws: FoundryError.self) { try EnvironmentArguments.parse(["MISSING"], own: own) }
        #expect(error.code == .environmentInvalid)
        #expect(error.message.contains("MISSING"))
    }

    @Test("a file may have empty lines and remarks; later files win, --env wins over all")
    func files() throws {
        let first = (name: "a.env", text: "# remark\n\nA=1\r\nB=2\n")
        let second = (name: "b.env", text: "B=3\nC=4")
        #expect(
            try EnvironmentArguments.parse(["C=5"], files: [first, second], own: own) == ["A": "1", "B": "3", "C": "5"])
    }

    @Test(
        "a bad line is told by its place, and never repeated: it may be a secret",
        arguments: ["hunter2!", "1A=hunter2", "=hunter2", "A B=hunter2"])
    func bad(line: String) throws {
        let error = try #require(throws: FoundryError.self) {
            try EnvironmentArguments.parse([], files: [(name: "x.env", text: "OK=1\n\(line)\n")], own: own)
        }
        #expect(error.code == .environmentInvalid)
        #expect(error.message.hasPrefix("x.env:2:"))
        #expect(!error.description.contains("hunter2"))
    }
}
