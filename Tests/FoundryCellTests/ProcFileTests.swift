import FoundryEffects
import Testing

@Suite struct ProcFileTests {
    /// The kernel gives `/proc` a page at a time; a table of mounts that was cut off after the first made a busy cell blind.
    @Test func aFileOfTheKernelIsReadToItsEnd() throws {
        let text = try #require(ProcFile.read("/proc/self/smaps"))
        #expect(text.utf8.count > 16_384)
        #expect(text.contains("[stack]"))
    }

    @Test func aFileThatIsNotThereHasNoText() {
        #expect(ProcFile.read("/proc/self/none") == nil)
    }
}
