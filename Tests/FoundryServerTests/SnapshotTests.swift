import FoundryClient
import FoundryModel
import Testing

@testable import FoundryServer

@Suite("Snapshots", .timeLimit(.minutes(2)))
struct SnapshotTests {
    @Test("are taken, listed with the pause, of one app and of all, and removed")
    func life() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            let other = try await bench.push(bench.redis(named: "another"))
            let mine = try await bench.snapshot(guid, "mine")
            _ = try await bench.snapshot(other)
            let own: ListAnswer<SnapshotSummary> = try await bench.get("/foundry/v1/apps/\(guid)/snapshots")
            let shown = try #require(own.resources.first)
            #expect(own.resources.count == 1 && shown.guid == mine && shown.name == "mine" && shown.appName == "demo")
            #expect(shown.state == "taken" && shown.pauseMilliseconds == 38 && shown.epoch == 1 && shown.branch == 1)
            #expect(shown.size == 100 << 20 && shown.cell == "c1" && shown.createdBy == "operator")
            let all: ListAnswer<SnapshotSummary> = try await bench.get("/foundry/v1/snapshots")
            #expect(all.resources.map(\.appName) == ["another", "demo"])
            let reply = try await bench.call(.delete, "/foundry/v1/snapshots/\(mine)")
            #expect(reply.status == 202)
            let job: JobAnswer = try await bench.get("\(try reply.job())?wait=10")
            #expect(job.state == .complete && job.operation == "app.remove_snapshot")
            let left: ListAnswer<SnapshotSummary> = try await bench.get("/foundry/v1/snapshots")
            #expect(left.resources.map(\.appName) == ["another"])
        }
    }

    @Test("one that could not be taken fails its job with the reason, and leaves nothing")
    func failing() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            await bench.peers.refuseSnapshots()
            let reply = try await bench.call(.post, "/foundry/v1/apps/\(guid)/snapshots", "{}")
            let job: JobAnswer = try await bench.get("\(try reply.job())?wait=10")
            #expect(job.state == .failed && job.errors.first?.foundry?.code == "timed_out", "\(job)")
            try await bench.eventually("it is gone") { bench.platform.view.snapshots.isEmpty }
        }
    }

    @Test("what is not right is refused before anything happens")
    func refused() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            let path = "/foundry/v1/apps/\(guid)/snapshots"
            _ = try await bench.snapshot(guid, "mine")
            for (body, code) in [
                (#"{"name":"mine"}"#, ErrorCode.nameTaken), (#"{"name":"No"}"#, .nameInvalid),
                (#"{"nmae":"a"}"#, .unknownField), (#"{"name":7}"#, .wrongType), ("[", .notJSON),
            ] {
                #expect(try await bench.call(.post, path, body).error?.code == code, "\(body)")
            }
            #expect(try await bench.call(.post, "/foundry/v1/apps/none/snapshots", "{}").error?.code == .appNotFound)
            #expect(try await bench.call(.delete, "/foundry/v1/snapshots/none").error?.code == .snapshotNotFound)
            #expect(try await bench.call(.delete, "/foundry/v1/snapshots/No!").error?.code == .snapshotNotFound)
            #expect(bench.platform.view.snapshots.count == 1)
        }
    }
}

extension Bench {
    /// Takes one, and gives its guid.
    func snapshot(_ app: String, _ name: String? = nil) async throws -> String {
        let body = name.map { "{\"name\":\"\($0)\"}" } ?? "{}"
        let reply = try await call(.post, "/foundry/v1/apps/\(app)/snapshots", body)
        #expect(reply.status == 202, "\(reply.text)")
        let job: JobAnswer = try await get("\(try reply.job())?wait=10")
        #expect(job.state == .complete, "\(job)")
        return try reply.decoded(SnapshotSummary.self).guid
    }
}
