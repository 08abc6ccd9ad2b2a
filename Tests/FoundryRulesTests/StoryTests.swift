import Testing

@Suite("Golden stories")
struct StoryTests {
    @Test("A cell does what its story says", arguments: StoryFolder.names("cell-"))
    func cells(name: String) throws {
        try StoryFolder.expect(name, retold: CellStory.retold)
    }

    @Test("A controller does what its story says", arguments: StoryFolder.names("controller-"))
    func controllers(name: String) throws {
        try StoryFolder.expect(name, retold: ControllerStory.retold)
    }

    @Test("There are stories of every kind")
    func thereAreStories() {
        #expect(StoryFolder.names("cell-").count >= 12)
        #expect(StoryFolder.names("controller-").count >= 7)
    }
}

@Suite("What a story that became another shows")
struct StoryFolderTests {
    @Test("What is no more is marked, and so is what is new; the rest stays where it was")
    func differences() {
        let shown = StoryFolder.difference("one\ntwo\nthree\nfour", "one\nthree\nthree and a half\nfour")
        #expect(shown == "  one\n- two\n  three\n+ three and a half\n  four")
        #expect(StoryFolder.difference("a", "a") == "  a")
        #expect(StoryFolder.difference("a", "b") == "- a\n+ b")
    }

    @Test("A line that nobody can read is told, and nothing is accepted")
    func unreadable() {
        #expect(throws: StoryFolder.Unreadable.self) { try CellStory.retold("> 0 dance") }
        #expect(throws: StoryFolder.Unreadable.self) { try CellStory.retold("> 0 done volume.create v1") }
        #expect(throws: StoryFolder.Unreadable.self) { try ControllerStory.retold("> soon tick") }
    }

    @Test("Answers in a story are replaced by what happened; everything else stays")
    func retold() throws {
        let story = "# Words.\n\n> 0 observe\n< something else\n> 0 report\n"
        #expect(try CellStory.retold(story) == "# Words.\n\n> 0 observe\n> 0 report\n< follows nothing\n")
    }
}
