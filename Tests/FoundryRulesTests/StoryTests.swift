import Testing

@Suite("Golden stories")
struct StoryTests {
    @Test("A cell does what its story says", arguments: StoryFolder.names("cell-"))
    func cells(name: String) throws {
        try StoryFolder.expect(name, retold: CellStory.retold)
    }

    @Test("There are stories of every kind")
    func thereAreStories() {
        #expect(StoryFolder.names("cell-").count >= 8)
    }
}
