import Foundation
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("Snapshots", .serialized)
    struct SnapshotTests {
        @Test(
            "Each has every record that was acknowledged before it was asked for, tells for how long writes were held, and goes when it shall"
        )
        func underWrites() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "busy", "--disk", "32M", "--memory", "64M")
            let process = try await platform.process(of: "busy")
            let writer = NumberedWriter(port: try await platform.port(of: "busy"))
            writer.start()
            try await eventually("it writes") { writer.acknowledgedCount > 50 }
            for name in ["one", "two", "three"] {
                let before = writer.acknowledgedCount
                let told = try await platform.must("snapshot", "busy", "--name", name)
                #expect(told.output.contains("busy/\(name) was taken; writes were held for "), "\(told.output)")
                let snapshot = try #require(try await platform.snapshots(of: "busy").first { $0.name == name })
                #expect(snapshot.state == "taken" && snapshot.pauseMilliseconds ?? .max < 5_000)
                let found = try await platform.records(in: snapshot.guid)
                #expect(found.count >= before, "\(found.count) of \(before) are in it")
            }
            try await platform.refused("snapshot", "busy", "--name", "one", code: "name_taken", exitCode: 4)
            try await platform.must("snapshot", "rm", "busy", "two")
            #expect(try await platform.snapshots(of: "busy").map(\.name) == ["one", "three"])
            #expect(try await writer.stopAndVerify() == [])
            #expect(try await platform.process(of: "busy") == process, "it was not restarted")
            // They outlive the app, under its name.
            try await platform.clear("busy")
            for name in ["one", "three"] { try await platform.must("snapshot", "rm", "busy", name) }
            #expect(try await platform.snapshots(of: "busy").isEmpty)
        }

        @Test("A cell that is killed while one is taken leaves no writer held")
        func killed() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "held", "--disk", "32M", "--memory", "64M")
            let process = try await platform.process(of: "held")
            let writer = NumberedWriter(port: try await platform.port(of: "held"))
            writer.start()
            for _ in 0..<4 {
                try await platform.eventually("snapshot", "held", "--no-wait")
                try platform.kill("cell")
                let before = writer.acknowledgedCount
                try await eventually("writes go on", within: .seconds(30)) { writer.acknowledgedCount > before + 20 }
            }
            try await eventually("each is taken, or given up", within: .seconds(90)) {
                try await platform.snapshots(of: "held").allSatisfy { $0.state == "taken" }
            }
            #expect(try await writer.stopAndVerify() == [])
            #expect(try await platform.process(of: "held") == process, "it was not restarted")
            for snapshot in try await platform.snapshots(of: "held") {
                #expect(try await platform.records(in: snapshot.guid).count > 0)
                try await platform.must("snapshot", "rm", "held", snapshot.name)
            }
            try await platform.clear("held")
        }
    }
}

struct SnapshotView: Decodable {
    var guid: String
    var name: String
    var state: String
    var pauseMilliseconds: Int?
}

extension TestPlatform {
    func snapshots(of name: String) async throws -> [SnapshotView] {
        struct List: Decodable { var resources: [SnapshotView] }
        let answer = try await must("snapshots", name, "--output", "json")
        return try Self.decoder.decode(List.self, from: Data(answer.output.utf8)).resources
    }

    /// The numbered records of a Redis app that a snapshot of its disk has. Its journal is not replayed: the file system was still when it was taken.
    func records(in snapshot: String) async throws -> Set<Int> {
        let image = "\(try paths().pool)/snapshots/\(snapshot)/data/disk.img"
        let script = """
            mkdir /tmp/look-$$ && mount -o loop,ro,noload '\(image)' /tmp/look-$$
            cat /tmp/look-$$/data/appendonlydir/*.aof; umount /tmp/look-$$; rmdir /tmp/look-$$
            """
        let found = try await run(
            "nsenter", "--mount=\(try paths().mountNamespace)", "unshare", "--mount", "sh", "-es", input: script)
        try #require(found.exitCode == 0, "\(found.errors)")
        return Set(
            found.output.split(separator: "\r\n").compactMap { line in
                line.hasPrefix("record:") ? Int(line.dropFirst("record:".count)) : nil
            })
    }
}
