import FoundryEffects
import FoundryModel
import FoundryRules
import FoundrySupervisor
import Glibc
import Testing

@testable import FoundrySupervisor

@Suite(.enabled(if: isRoot, "processes and namespaces need root"), .serialized)
struct SupervisingTests {
    private func within(_ names: [String], logSize: ByteCount = .megabytes(1), _ body: (World) throws -> Void) throws {
        let world = try World(names, logSize: logSize)
        defer { world.end() }
        try body(world)
    }

    @Test func `a daemon that is killed is started again, the others stay`() throws {
        try within(["sleeper", "second"]) { world in
            try world.start()
            let before = world.pids
            try world.slay(["sleeper"])
            #expect(world.until { world.isWhole && world.pids["sleeper"] != before["sleeper"] })
            #expect(world.pids["second"] == before["second"])
            #expect(world.until { world.record("sleeper")?.restarts == 1 })
            #expect(world.record("sleeper")?.lastReason == "was killed by signal 9")
            #expect(world.record("second")?.restarts == 0)
        }
    }

    @Test func `each daemon leads its own session, reads nothing, and inherits no descriptor`() throws {
        try within(["sleeper"]) { world in
            try world.start()
            let pid = try #require(world.pids["sleeper"])
            #expect(getsid(pid) == pid && getpgid(pid) == pid)
            // Between fork and exec it has its parent's; what it inherited would stay.
            #expect(world.until { (try? listing("/proc/\(pid)/fd")) == ["0", "1", "2"] })
            #expect(ProcFile.link("/proc/\(pid)/fd/0") == "/dev/null")
            #expect(ProcFile.link("/proc/\(pid)/fd/1") == "\(world.paths.logs)/sleeper.log")
            #expect(ProcFile.link("/proc/\(pid)/cwd") == "/")
        }
    }

    @Test func `a daemon leaves no core, whatever the machine does with cores`() throws {
        try within(["sleeper"]) { world in
            try world.start()
            let pid = try #require(world.pids["sleeper"])
            let isLimited = {
                let limits = ProcFile.read("/proc/\(pid)/limits") ?? ""
                let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") } ?? ""
                return core.split(whereSeparator: \.isWhitespace).dropFirst(4).prefix(2) == ["1", "1"]
            }
            #expect(world.until { isLimited() })
        }
    }

    @Test func `a new supervisor adopts what lives after the old one was killed`() throws {
        try within(["sleeper", "cell"]) { world in
            try world.start()
            let before = world.pids
            let first = try #require(world.supervisor)
            // Nothing watches here but the cell, so it may start the next one, too.
            try world.slay(["supervisor"])
            #expect(world.until { world.isWhole && world.supervisor != first })
            #expect(world.pids == before)
            try world.slay(["sleeper"])
            #expect(world.until { world.isWhole && world.pids["sleeper"] != before["sleeper"] })
            #expect(world.until { world.record("sleeper")?.lastReason == "ended, nobody saw how" })
        }
    }

    @Test func `one watcher that is left brings everything back`() throws {
        try within(["sleeper", "watcher", "cell"]) { world in
            try world.start()
            for survivor in ["watcher", "cell"] {
                let before = world.pids
                try world.slay(["supervisor"] + before.keys.filter { $0 != survivor })
                #expect(world.until { world.isWhole })
                #expect(world.pids[survivor] == before[survivor])
                // One that was started twice finds the lock taken, and ends.
                #expect(world.until { world.processes.count == 4 })
            }
        }
    }

    @Test func `a supervisor that the cell started lives where the first one lived`() throws {
        try within(["cell"]) { world in
            try world.start()
            let home = ProcFile.link("/proc/self/ns/mnt")
            #expect(world.until { world.namespace("cell") != home })
            try world.slay(["supervisor"])
            #expect(world.until { world.supervisor != nil })
            #expect(world.namespace("supervisor") == home)
        }
    }

    @Test func `the cell's mounts outlive it, and are seen nowhere else`() throws {
        try within(["cell"]) { world in
            try world.start()
            #expect(world.until { world.namespace("cell") != ProcFile.link("/proc/self/ns/mnt") })
            let namespace = try #require(world.namespace("cell"))
            try world.slay(["cell"])
            #expect(world.until { world.namespace("cell") == namespace })
            #expect(MountNamespace(pin: world.paths.mountNamespace).isPinned)
        }
    }

    @Test func `nobody starts a supervisor while a down is in progress`() throws {
        try within(["watcher"]) { world in
            try world.start()
            try DurableFile.write([], to: world.paths.downMarker)
            try world.slay(["supervisor"])
            #expect(!world.until(seconds: 2) { world.supervisor != nil })
            unlink(world.paths.downMarker)
            #expect(world.until { world.supervisor != nil })
        }
    }

    @Test func `SIGTERM ends all of ours, and leaves the namespace`() throws {
        try within(["sleeper", "watcher", "cell"]) { world in
            try world.start()
            kill(try #require(world.supervisor), SIGTERM)
            #expect(world.until { world.processes.isEmpty })
            #expect(!world.until(seconds: 1) { !world.processes.isEmpty })
            #expect(access(world.paths.pidFile("supervisor"), F_OK) != 0)
            #expect(MountNamespace(pin: world.paths.mountNamespace).isPinned)
        }
    }

    @Test func `SIGUSR1 drains, and leaves no process, mount or file of the run`() throws {
        try within(["sleeper", "watcher", "cell"]) { world in
            try world.start()
            #expect(world.until { world.catches(SIGUSR1, "cell") })
            try DurableFile.write([], to: world.paths.downMarker)
            kill(try #require(world.supervisor), SIGUSR1)
            #expect(world.until { world.processes.isEmpty })
            #expect(!MountNamespace(pin: world.paths.mountNamespace).isPinned)
            #expect(try MountTable.read().under(world.paths.run).isEmpty)
            #expect(try listing(world.paths.run).sorted().filter { $0.hasSuffix(".pid") } == [])
        }
    }

    @Test func `a down goes on when the supervisor or the cell dies in it, and starts the cell when it is gone`() throws
    {
        try within(["sleeper", "cell"]) { world in
            try world.start()
            #expect(world.until { world.catches(SIGUSR1, "cell") })
            try DurableFile.write([], to: world.paths.downMarker)
            try world.slay(["supervisor", "cell"])
            try world.start(all: false)
            #expect(world.until { world.processes.isEmpty })
            #expect(access(world.paths.pidFile("supervisor"), F_OK) != 0)
            #expect(!MountNamespace(pin: world.paths.mountNamespace).isPinned)
        }
    }

    @Test func `a second supervisor refuses, one in the foreground waits for its turn`() throws {
        try within(["sleeper"]) { world in
            try world.start()
            let first = try #require(world.supervisor)
            let second = try world.start()
            #expect(world.until { ProcessIdentity(living: second) == nil })
            let third = try world.start(foreground: true)
            usleep(200_000)
            #expect(world.supervisor == first && ProcessIdentity(living: third) != nil)
            let before = world.pids
            try world.slay(["supervisor"])
            #expect(world.until { world.supervisor == third })
            #expect(world.pids == before)
        }
    }

    @Test func `watchers leave the start to whoever holds a supervisor in the foreground, for a while`() throws {
        try within(["watcher"]) { world in
            try world.start(foreground: true)
            try world.slay(["supervisor"])
            usleep(150_000)
            #expect(world.supervisor == nil)
            #expect(world.until { world.supervisor != nil })
        }
    }

    @Test func `a process that got the number of a daemon is not taken for it`() throws {
        try within(["sleeper"]) { world in
            let stranger = ProcessIdentity.current()
            for fake in [
                ProcessIdentity(pid: stranger.pid, startTicks: stranger.startTicks + 1),
                ProcessIdentity(pid: stranger.pid, startTicks: stranger.startTicks, bootID: "another-boot"),
            ] {
                #expect(ProcessHandle.open(fake) == nil)
                try PidFile.write(fake, to: world.paths.pidFile("sleeper"))
                try world.start()
                #expect(world.pids["sleeper"] != stranger.pid)
                try world.slay(["supervisor", "sleeper"])
                #expect(world.processes.isEmpty)
            }
        }
    }

    @Test func `a daemon that ends at once is tried again with growing pauses, and is never given up`() throws {
        try within(["false", "sleeper"]) { world in
            try world.start(all: false)
            #expect(world.until { (world.record("false")?.starts ?? 0) >= 5 })
            #expect(world.until { world.record("false")?.nextStart != nil })
            #expect(world.record("false")?.lastReason == "exited with status 1")
            #expect(world.pids["sleeper"] != nil)
        }
    }

    @Test func `logs stay within their bound, also while the daemon writes on`() throws {
        try within(["log"], logSize: ByteCount(bytes: 20_000)) { world in
            try world.start()
            let log = "\(world.paths.logs)/log.log"
            #expect(world.until { access("\(log).1", F_OK) == 0 })
            usleep(300_000)
            for path in [log, "\(log).1"] { #expect((ProcFile.read(path) ?? "").utf8.count < 60_000) }
            let pid = try #require(world.pids["log"])
            #expect((ProcFile.read("\(log).1") ?? "").contains("line \(pid)"))
        }
    }

    @Test(
        arguments: SupervisorEffectName.allCases.flatMap {
            ["supervisor.\($0.rawValue).before", "supervisor.\($0.rawValue).after"]
        })
    func `a supervisor killed at any point leaves nothing that the next one does not mend`(_ point: String) throws {
        try within(["sleeper", "cell"]) { world in
            try world.arm(point)
            try world.start(all: false)
            #expect(world.until(seconds: 3) { !world.isArmed(point) || world.isWhole })
            if !world.isArmed(point) { try world.start() }
            #expect(world.isWhole && world.processes.count == 3, "one of each")
            try DurableFile.write([], to: world.paths.downMarker)
            kill(try #require(world.supervisor), SIGUSR1)
            #expect(world.until { world.supervisor == nil })
            if access(world.paths.pidFile("supervisor"), F_OK) == 0 { try world.start(all: false) }
            #expect(world.until { world.processes.isEmpty })
            #expect(!world.isArmed(point), "the point was never reached")
            #expect(try MountTable.read().under(world.paths.run).isEmpty)
        }
    }

    private func listing(_ path: String) throws -> [String] { try directoryNames(path) }
}
