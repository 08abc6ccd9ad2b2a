import Testing

@Suite("Golden states of a cluster")
struct RecoveryStoryTests {
    @Test("A recovery is planned as its story says, and so is every reason", arguments: StoryFolder.names("recovery-"))
    func recoveries(name: String) throws {
        try StoryFolder.expect(name, retold: RecoveryStory.retold)
    }

    @Test("There are stories of every kind of trouble")
    func thereAreStories() {
        #expect(StoryFolder.names("recovery-").count >= 10)
    }

    @Test("A line that nobody can read is told")
    func unreadable() {
        for line in ["dance", "new fast", "cell c1 asleep", "primary c1 tired", "replica one c1", "fence c9", "cell"] {
            #expect(throws: StoryFolder.Unreadable.self) { try RecoveryStory.retold("> \(line)") }
        }
        #expect(throws: StoryFolder.Unreadable.self) { try RecoveryStory.retold("> cell c1\n> fence c1 maybe") }
    }
}
