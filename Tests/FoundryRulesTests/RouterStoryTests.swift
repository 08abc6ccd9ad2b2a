import Testing

@Suite struct RouterStoryTests {
    @Test(arguments: StoryFolder.names("router-"))
    func theStoryIsToldAsItIsWritten(name: String) throws {
        try StoryFolder.expect(name, retold: RouterStory.retold)
    }

    @Test func thereAreStories() { #expect(StoryFolder.names("router-").count >= 7) }
}
