import ArgumentParser
import Testing

@testable import foundry

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("The reference of the command line")
struct CommandReferenceTests {
    @Test("docs/reference/cli.md is what --help says; `foundry reference > docs/reference/cli.md` writes it")
    func current() throws {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        #expect(try String(contentsOfFile: "\(root)/docs/reference/cli.md", encoding: .utf8) == CommandReference.text)
    }

    @Test(
        "every command says what it does and shows an example",
        arguments: Foundry.configuration.groupedSubcommands.flatMap(\.subcommands))
    func examples(command: any ParsableCommand.Type) {
        let configuration = command.configuration
        #expect(!configuration.abstract.isEmpty)
        #expect(configuration.abstract.hasSuffix("."))
        #expect(configuration.discussion.contains("foundry \(command._commandName)"))
    }
}
