import FoundryModel
import Testing

@testable import FoundryCell
@testable import FoundryEffects

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("What the runtime reads and says")
struct RuntimeWordsTests {
    @Test("finds the control groups of version 1, of version 2, and of a machine with both")
    func hierarchies() throws {
        let v2 = "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw"
        let v1 = """
            31 24 0:27 / /sys/fs/cgroup/memory rw shared:5 - cgroup cgroup rw,memory
            32 24 0:28 / /sys/fs/cgroup/cpu,cpuacct rw shared:6 - cgroup cgroup rw,cpu,cpuacct
            33 24 0:29 / /somewhere/else/memory rw - cgroup cgroup rw,memory
            """
        let both = v1 + "\n34 24 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw"
        let pure = try CgroupTree(MountTable(parsing: v2))
        #expect(pure.version == .v2)
        #expect(pure.directories("/foundry-1/x") == ["/sys/fs/cgroup/foundry-1/x"])
        #expect(pure.directory("/x", "memory") == "/sys/fs/cgroup/x")

        let hybrid = try CgroupTree(MountTable(parsing: both))
        #expect(hybrid.version == .v1)
        #expect(hybrid.directory("/x", "memory") == "/sys/fs/cgroup/memory/x")
        #expect(
            hybrid.directories("/x") == [
                "/sys/fs/cgroup/cpu,cpuacct/x", "/sys/fs/cgroup/memory/x", "/sys/fs/cgroup/unified/x",
            ])
        #expect(try CgroupTree(MountTable(parsing: v1)).version == .v1)
        #expect(throws: FoundryError.self) { try CgroupTree(MountTable(parsing: "")) }
    }

    @Test("says how a member ended")
    func ends() {
        let say = { (status: Int32?, kills: Int) in
            ContainerEnd.reason(status: status, outOfMemoryKills: kills, memory: .megabytes(256))
        }
        #expect(say(0, 0) == "exited with status 0")
        #expect(say(1, 0) == "exited with status 1")
        #expect(say(137, 0) == "killed by signal 9 (SIGKILL)")
        #expect(say(159, 0) == "killed by signal 31 (SIGSYS)")
        #expect(say(168, 0) == "killed by signal 40")
        #expect(say(255, 0) == "exited with status 255")
        #expect(say(137, 1) == "was killed for using more than its 256 MiB of memory")
        #expect(
            say(1, 2)
                == "exited with status 1, after a process of it was killed for using more than its 256 MiB of memory")
        #expect(say(nil, 0) == "ended while its monitor (conmon) was gone, so nobody saw how")
    }

    @Test("knows signals as images name them")
    func signals() {
        let known: [(String, Int32)] = [
            ("SIGTERM", 15), ("term", 15), ("15", 15), ("SIGINT", 2), ("SIGQUIT", 3), ("SIGRTMIN+3", 37),
            ("RTMAX-1", 63),
        ]
        for (text, number) in known { #expect(SignalNumber.parse(text) == number, "\(text)") }
        for text in ["", "SIGNOTHING", "0", "65", "-1", "SIGRTMIN+99"] {
            #expect(SignalNumber.parse(text) == nil, "\(text)")
        }
    }

    @Test("gives a member a host's name")
    func hostnames() {
        #expect(MemberFiles.hostname("demo/0") == "demo-0")
        #expect(MemberFiles.hostname("A_b/12") == "a-b-12")
        #expect(MemberFiles.hostname(String(repeating: "a", count: 80)).count == 63)
    }

    @Test("reads a process's state and start, whatever its name is")
    func processes() {
        let stat = "4711 (a) b (c) S 1 4711 4711 0 -1 4194560 770 281 0 0 0 1 0 0 20 0 1 0 177958 2322432 396"
        let parsed = ProcessIdentity.parse(stat)
        #expect(parsed?.state == "S")
        #expect(parsed?.startTicks == 177_958)
        #expect(ProcessIdentity.parse("4711 (cut") == nil)
        #expect(ProcessIdentity(living: 1)?.isAlive == true)
        #expect(ProcessIdentity(living: Int32.max) == nil)
    }

    @Test("takes a record that names no boot for one of this boot")
    func recordWithoutBoot() throws {
        let own = ProcessIdentity.current()
        let text = "{\"pid\":\(own.pid),\"startTicks\":\(own.startTicks)}"
        let old = try JSONDecoder().decode(ProcessIdentity.self, from: Data(text.utf8))
        #expect(old == own && old.isAlive)
        #expect(try JSONDecoder().decode(ProcessIdentity.self, from: JSONEncoder().encode(own)) == own)
    }
}
