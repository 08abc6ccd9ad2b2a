import FoundryModel
import Testing

@testable import FoundryCommandLine

@Suite("The words of a command line")
struct CommandWordsTests {
    private let global: Set<String> = ["--output", "-o", "--target"]

    @Test(
        "global options may stand before the verb",
        arguments: [
            (["--output", "json", "apps"], ["apps", "--output", "json"]),
            (["-o", "json", "--target=x", "app", "demo"], ["app", "-o", "json", "--target=x", "demo"]),
            (["apps", "--output", "json"], ["apps", "--output", "json"]),
            (["--help"], ["--help"]), (["--output", "json"], ["--output", "json"]), ([], []),
        ])
    func verbFirst(words: [String], expected: [String]) {
        #expect(CommandWords.verbFirst(words, withValue: global) == expected)
    }

    @Test("a verb that is none is refused with the one that was meant")
    func unknownVerb() throws {
        let error = try #require(throws: FoundryError.self) {
            try CommandWords.check(["aps"], verbs: ["app", "apps", "push"])
        }
        #expect(error.code == .usage)
        #expect(error.hint == "did you mean `foundry app`?" || error.hint == "did you mean `foundry apps`?")
        let far = try #require(throws: FoundryError.self) {
            try CommandWords.check(["frobnicate"], verbs: ["app", "push"])
        }
        #expect(far.hint == "`foundry --help` lists the commands")
        try CommandWords.check(["push"], verbs: ["push"])
        try CommandWords.check([], verbs: ["push"])
        try CommandWords.check(["--help"], verbs: ["push"])
    }

    @Test("the format is known without parsing, for errors of parsing")
    func format() {
        #expect(CommandWords.format(in: ["apps", "--output", "json"]) == .json)
        #expect(CommandWords.format(in: ["apps", "--output=json", "--bad"]) == .json)
        #expect(CommandWords.format(in: ["apps", "-o", "json"]) == .json)
        #expect(CommandWords.format(in: ["apps", "--", "--output", "json"]) == .table)
        #expect(CommandWords.format(in: ["apps", "--output", "xml"]) == .table)
        #expect(CommandWords.format(in: ["apps", "--output"]) == .table)
    }
}
