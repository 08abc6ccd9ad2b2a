import Foundation
import FoundryModel
import Testing

@testable import FoundryReleases

@Suite("The reference of releases")
struct ReleaseReferenceTests {
    private static func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .path() + "docs/reference/" + name
    }

    private static let isWriting = ProcessInfo.processInfo.environment["FOUNDRY_WRITE_DOCS"] != nil

    @Test("docs/reference/release.schema.json is written from the table of the reader; FOUNDRY_WRITE_DOCS=1 writes it")
    func schema() throws {
        let path = Self.path("release.schema.json")
        if Self.isWriting { try ReleaseSchema.text().write(toFile: path, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == ReleaseSchema.text())
    }

    @Test("The fields of docs/reference/release.md are written from the same table; FOUNDRY_WRITE_DOCS=1 writes them")
    func page() throws {
        let path = Self.path("release.md")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let current = try #require(ReleaseReference.page(text))
        if Self.isWriting { try current.write(toFile: path, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == current)
        for field in ["`plans.NAME.policy.when-lost`", "`parameters.NAME.max_length`", "`binding.credentials`"] {
            #expect(current.contains(field))
        }
    }

    @Test("A plan's parameters become a schema of draft 4, with the plan's defaults")
    func parameters() throws {
        let parameters = [
            ReleaseParameter(
                name: "max", kind: .integer(minimum: 1, maximum: 9), defaultValue: .integer(5), description: "Most."),
            ReleaseParameter(name: "mode", kind: .choice(["a", "b"]), defaultValue: .text("a")),
            ReleaseParameter(name: "open", kind: .integer(minimum: Int64.min, maximum: 9), defaultValue: nil),
        ]
        #expect(
            ParameterSchema.document(parameters, defaults: ["max": .integer(7)]) == [
                "$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "additionalProperties": false,
                "properties": [
                    "max": ["type": "integer", "minimum": 1, "maximum": 9, "default": 7, "description": "Most."],
                    "mode": ["type": "string", "enum": ["a", "b"], "default": "a"],
                    "open": ["type": "integer", "maximum": 9],
                ],
            ])
    }
}
