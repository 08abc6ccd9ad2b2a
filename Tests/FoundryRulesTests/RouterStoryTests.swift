import FoundryModel
import FoundryRules
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct RouterStoryTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
        path: "Scenarios")

    static var stories: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
        return names.filter { $0.hasPrefix("router-") && $0.hasSuffix(".txt") }.sorted()
    }

    @Test(arguments: stories)
    func theStoryIsToldAsItIsWritten(name: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let retold = try RouterStory.retold(text)
        let isAsWritten = retold == text
        #expect(isAsWritten, "what the machine did:\n\(retold)")
    }

    @Test func thereAreStories() { #expect(Self.stories.count >= 7) }
}
