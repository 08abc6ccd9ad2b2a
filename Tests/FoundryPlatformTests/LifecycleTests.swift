import Foundation
import FoundryEffects
import FoundryModel
import FoundryTestSupport
import Testing

extension PlatformTests {
    @Suite("Up, down, reset", .serialized)
    struct LifecycleTests {
        @Test(
            "Down leaves nothing but the data directory; up brings every member back with its data, and stopped ones stay stopped"
        )
        func downAndUp() async throws {
            try await TestPlatform.with("down") { platform in
                for name in ["first", "second", "idle"] {
                    try await platform.must("push", "redis", name, "--disk", "16M", "--memory", "64M")
                    let client = RedisClient(port: try await platform.port(of: name))
                    #expect(try client.command("SET", "name", name) == "OK")
                }
                try await platform.must("stop", "idle")
                let ports = try await platform.apps().compactMap(\.route?.port)
                let kept = try await platform.volumes()
                try await platform.must("down", "--data", platform.data)
                try await Self.expectNothing(platform)
                #expect(try await platform.foundry("apps").exitCode == 6)
                let status = try await platform.foundry("status", "--data", platform.data, "--output", "json")
                #expect(status.exitCode == 5 && status.output.contains("\"state\" : \"down\""))
                let again = try await platform.must("down", "--data", platform.data)
                #expect(again.output.contains("not running"))

                try await platform.must("up", "--data", platform.data)
                for name in ["first", "second"] {
                    try await platform.waitUntilHealthy(name)
                    let client = RedisClient(port: try await platform.port(of: name))
                    try await eventually("\(name) has its data") { (try? client.command("GET", "name")) == name }
                }
                #expect(try await platform.app("idle").state == "stopped")
                #expect(try await platform.apps().compactMap(\.route?.port) == ports)
                #expect(try await platform.volumes() == kept)
                try await platform.expectNoOrphans()
            }
        }

        @Test("Two installations side by side do not see each other, and the removal of one leaves the other alone")
        func sideBySide() async throws {
            try await TestPlatform.with("here") { here in
                try await here.must("push", "redis", "same", "--disk", "16M", "--memory", "64M")
                let client = RedisClient(port: try await here.port(of: "same"))
                #expect(try client.command("SET", "where", "here") == "OK")
                let process = try await here.process(of: "same")
                try await TestPlatform.with("there") { there in
                    #expect(try await there.apps().isEmpty)
                    try await there.must("push", "redis", "same", "--disk", "16M", "--memory", "64M")
                    #expect(try await there.port(of: "same") != here.port(of: "same"))
                    let other = RedisClient(port: try await there.port(of: "same"))
                    #expect(try other.command("GET", "where") == nil)
                    let (one, two) = (try here.configuration(), try there.configuration())
                    #expect(one.instance != two.instance && one.subnet != two.subnet && one.apiPort != two.apiPort)
                    let address = try #require(try await there.app("same").members.first?.address)
                    #expect(try await Machine.connects(to: address, 6379))
                    #expect(try await Machine.connects(to: address, 6379, from: here.network(of: "same")) == false)
                }
                #expect(try await here.process(of: "same") == process)
                #expect(try client.command("GET", "where") == "here")
                try await here.expectNoOrphans()
            }
        }

        @Test("Reset asks for --yes, then removes everything; a second up with other options is refused")
        func reset() async throws {
            try await TestPlatform.with("reset") { platform in
                try await platform.must("push", "redis", "doomed", "--disk", "16M", "--memory", "64M")
                let process = try await platform.process(of: "doomed")
                let otherwise = try await platform.refused(
                    "up", "--data", platform.data, "--pool-size", "3G", code: "usage", exitCode: 2)
                #expect(otherwise.errors.contains("was set up otherwise"))
                #expect(try await platform.must("up", "--data", platform.data).exitCode == 0)

                let asked = try await platform.refused("reset", "--data", platform.data, code: "usage", exitCode: 2)
                #expect(asked.errors.contains("Nothing was removed") && asked.errors.contains("reset --yes"))
                #expect(try await platform.process(of: "doomed") == process)

                try await platform.must("reset", "--yes", "--data", platform.data)
                #expect(!FileManager.default.fileExists(atPath: platform.data))
                #expect(Glibc.kill(process, 0) != 0)
                try await platform.up()
                #expect(try await platform.apps().isEmpty)
            }
        }

        @Test(
            "The machine is lost with all that ran on it, and comes back: so do its members, of either policy, with all that was acknowledged",
            .proves(.machineLostWaits, .availableWaitsWithoutReplica))
        func machineLost() async throws {
            try await TestPlatform.with("lost") { platform in
                let first = try await platform.must("push", "redis", "steady", "--disk", "64M", "--memory", "64M")
                #expect(first.output.contains("it waits for that machine"))
                try await platform.must(
                    "push", "redis", "ready", "--disk", "64M", "--memory", "64M", "--restart-policy", "available")
                let volumes = try await platform.volumes()
                let writers = [
                    NumberedWriter(port: try await platform.port(of: "steady")),
                    NumberedWriter(port: try await platform.port(of: "ready")),
                ]
                for writer in writers { writer.start() }
                try await eventually("records are written") { writers.allSatisfy { $0.acknowledgedCount > 200 } }
                try await LostMachine(platform).lose()
                let counts = writers.map(\.acknowledgedCount)
                try await Task.sleep(for: .milliseconds(500))
                #expect(writers.map(\.acknowledgedCount) == counts, "something still ran")
                try await Self.expectNothing(platform)

                try await platform.must("up", "--data", platform.data)
                for name in ["steady", "ready"] { try await platform.waitUntilHealthy(name) }
                for writer in writers {
                    #expect(try await writer.stopAndVerify() == [], "acknowledged records are lost")
                }
                #expect(try await platform.volumes() == volumes, "the same volumes, and no other")
                try await platform.expectNoOrphans()
            }
        }

        /// Of an installation that is down, only its data directory is on the machine.
        static func expectNothing(
            _ platform: TestPlatform, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let paths = try platform.paths()
            let traces = try await Traces.read(paths)
            #expect(traces == Traces(), sourceLocation: sourceLocation)
            let mounts = Machine.read("/proc/self/mountinfo")
            #expect(
                !mounts.contains(platform.data) && !mounts.contains(paths.run + "/"), sourceLocation: sourceLocation)
            let loops = try await platform.run("losetup", "--list", "--noheadings", "--output", "BACK-FILE").output
            #expect(!loops.contains(platform.data), "\(loops)", sourceLocation: sourceLocation)
            let tables = try await platform.run("nft", "list", "tables").output
            #expect(!tables.contains(paths.firewallTable), sourceLocation: sourceLocation)
            let groups = try await platform.run(
                "find", "/sys/fs/cgroup", "-maxdepth", "2", "-name", "*\(paths.instance)*"
            ).output
            #expect(groups == "", sourceLocation: sourceLocation)
            #expect(
                !Machine.argumentLists().contains { $0.contains(platform.data) && !$0.contains("find") },
                sourceLocation: sourceLocation)
            let left = (try? FileManager.default.subpathsOfDirectory(atPath: paths.run)) ?? []
            // A few names, and nothing below them.
            #expect(
                left.filter { $0.contains("/") || $0.hasSuffix(".pid") || $0.hasSuffix(".sock") } == [],
                sourceLocation: sourceLocation)
        }
    }
}

/// Takes away from a machine all that a loss of its power takes: every process, mount and device of an installation, and its run directory.
struct LostMachine {
    let platform: TestPlatform

    init(_ platform: TestPlatform) { self.platform = platform }

    func lose() async throws {
        let paths = try platform.paths()
        let groups = try await platform.run(
            "find", "/sys/fs/cgroup", "-depth", "-type", "d", "-path", "*\(paths.cgroup)*"
        ).output.split(separator: "\n")
        // Members first, as no order of theirs is to be heard; their monitors and ours with them, and whatever is started meanwhile.
        for _ in 0..<20 {
            var found: Set<Int32> = []
            for daemon in ["supervisor", "server", "cell", "router", "haproxy"] {
                if let pid = try platform.pid(daemon) { found.insert(pid) }
            }
            for group in groups {
                found.formUnion(Machine.read("\(group)/cgroup.procs").split(separator: "\n").compactMap { Int32($0) })
            }
            let named = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            found.formUnion(
                named.compactMap { Int32($0) }.filter { pid in
                    let words = Machine.read("/proc/\(pid)/cmdline")
                    return words.contains(platform.data) || words.contains(paths.run + "/")
                })
            found.remove(getpid())
            for pid in found { Glibc.kill(pid, SIGKILL) }
            try await Task.sleep(for: .milliseconds(50))
        }
        for group in groups { rmdir(String(group)) }
        for name in try FileManager.default.contentsOfDirectory(atPath: "/sys/class/net")
        where name.hasPrefix(paths.interfacePrefix) {
            _ = try await platform.run("ip", "link", "delete", "dev", name)
        }
        _ = try await platform.run("nft", "delete", "table", "inet", paths.firewallTable)
        // The last ones that hold the mount namespace, in which pool, volumes and namespaces are mounted.
        let mounts = Machine.read("/proc/self/mountinfo").split(separator: "\n").map {
            String($0.split(separator: " ")[4])
        }
        for place in mounts.reversed() where place.hasPrefix(paths.run) {
            _ = try await platform.run("umount", "-l", place)
        }
        try FileManager.default.removeItem(atPath: paths.run)
    }
}
