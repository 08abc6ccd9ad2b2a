import FoundryEffects
import FoundrySupervisor
import Glibc
import Testing

@testable import FoundrySupervisor

@Suite struct ParsingTests {
    @Test func `mounts are read with their blanks and without optional fields in the way`() throws {
        let table = MountTable(
            parsing: """
                27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
                36 27 0:30 / /mnt/a\\040b rw shared:1 master:2 - cgroup cgroup rw,memory
                37 27 0:30 / /mnt/ab rw - tmpfs tmpfs rw
                """)
        #expect(table.entries.map(\.target) == ["/", "/mnt/a b", "/mnt/ab"])
        #expect(table.under("/mnt/a b").map(\.type) == ["cgroup"])
        #expect(table.entries[1].options.contains("memory"))
        #expect(try MountTable.read().entries.contains { $0.target == "/proc" })
    }

    @Test func `a process is named by number, start and boot`() {
        let own = ProcessIdentity.current()
        #expect(own.pid == getpid() && own.startTicks > 0 && own.isAlive)
        #expect(ProcessIdentity(parsing: "\(own) foreground") == own)
        #expect(
            ProcessIdentity(parsing: "12 34") == nil && ProcessIdentity(parsing: "0 1 x") == nil
                && ProcessIdentity(parsing: "") == nil)
        #expect(ProcessIdentity(living: 0x7fff_fff0) == nil)
        #expect(own.uptimeMilliseconds >= 0)
    }

    @Test func `paths become absolute, without dots and links`() async throws {
        #expect(AbsolutePath.of("/a/./b//../c/") == "/a/c")
        #expect(AbsolutePath.of("/..") == "/")
        #expect(AbsolutePath.of("x").hasSuffix("/x"))
        try await withDirectory { directory in
            symlink(directory, "\(directory)/link")
            #expect(AbsolutePath.of("\(directory)/link/new") == "\(directory)/new")
        }
    }
}
