import FoundryClient
import FoundryModel
import Testing

@testable import FoundryServer

@Suite("Clones and rewinds", .timeLimit(.minutes(2)))
struct RewindTests {
    private func finished(_ bench: Bench, _ reply: Reply) async throws -> JobAnswer {
        #expect(reply.status == 202, "\(reply.text)")
        return try await bench.get("\(try reply.job())?wait=10")
    }

    private func volumes(_ bench: Bench) async throws -> [VolumeSummary] {
        let answer: ListAnswer<VolumeSummary> = try await bench.get("/foundry/v1/volumes")
        return answer.resources
    }

    @Test("a clone is an app of its own, from a snapshot of another one or from one that is taken for it")
    func clones() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            let snapshot = try await bench.snapshot(guid, "mine")
            let path = "/foundry/v1/apps/\(guid)/clones"
            let body = "{\"name\":\"one\",\"snapshot\":\"\(snapshot)\",\"port\":20009}"
            let reply = try await bench.call(.post, path, body)
            let job = try await finished(bench, reply)
            #expect(job.state == .complete && job.operation == "app.clone", "\(job)")
            let clone = try reply.decoded(CloneSummary.self)
            #expect(clone.name == "one" && clone.source == guid && clone.snapshot == snapshot && clone.port == 20_009)
            let again = try await bench.call(.post, path, body)
            #expect(try again.decoded(CloneSummary.self).isUnchanged)
            #expect(try await finished(bench, again).state == .complete)
            let other = try await bench.call(.post, path, "{\"name\":\"two\"}")
            #expect(try await finished(bench, other).state == .complete)
            let left: ListAnswer<SnapshotSummary> = try await bench.get("/foundry/v1/snapshots")
            #expect(left.resources.map(\.guid) == [snapshot], "the one that was taken for it is gone")
            let made = try await volumes(bench).first { $0.guid == clone.volume }
            #expect(made?.source == snapshot && made?.phase == "held" && made?.appName == "one")
        }
    }

    @Test("a rewind changes the disk and keeps the old one, which can be gone back to, and removed")
    func rewinds() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            let snapshot = try await bench.snapshot(guid, "mine")
            let path = "/foundry/v1/apps/\(guid)/rewinds"
            let before = try #require(try await volumes(bench).first?.guid)
            let body = "{\"snapshot\":\"\(snapshot)\",\"instead_of\":\"\(before)\"}"
            let reply = try await bench.call(.post, path, body)
            let job = try await finished(bench, reply)
            #expect(job.state == .complete && job.operation == "app.rewind", "\(job)")
            let rewind = try reply.decoded(RewindSummary.self)
            #expect(rewind.replaces == before && rewind.app == guid && !rewind.isUnchanged)
            let app: AppSummary = try await bench.get("/foundry/v1/apps/\(guid)")
            #expect(
                app.volumes.first?.guid == rewind.volume && app.volumes.first?.branch == 2 && app.state == "running")
            let again = try await bench.call(.post, path, body)
            #expect(try again.decoded(RewindSummary.self).isUnchanged, "it was meant once")
            let kept = try await volumes(bench).first { $0.guid == before }
            #expect(kept?.phase == "forked" && kept?.forkedAt != nil)
            let back = try await finished(bench, bench.call(.post, path, "{\"copy\":\"\(before)\"}"))
            #expect(back.state == .complete, "\(back)")
            let removal = try await bench.call(.delete, "/foundry/v1/volumes/\(rewind.volume)?purge=true")
            let removed = try await finished(bench, removal)
            #expect(removed.state == .complete && removed.operation == "volume.remove")
            #expect(try await volumes(bench).map(\.guid) == [before])
        }
    }

    @Test("what cannot be made fails its job with the reason, and leaves the app as it was")
    func failing() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            let snapshot = try await bench.snapshot(guid, "mine")
            await bench.peers.refuseSnapshots()
            let body = "{\"snapshot\":\"\(snapshot)\"}"
            let rewind = try await finished(bench, bench.call(.post, "/foundry/v1/apps/\(guid)/rewinds", body))
            #expect(rewind.state == .failed && rewind.errors.first?.foundry?.code == "pool_full", "\(rewind)")
            let clone = try await finished(
                bench, bench.call(.post, "/foundry/v1/apps/\(guid)/clones", "{\"name\":\"copy\"}"))
            #expect(clone.state == .failed && clone.errors.first?.foundry?.code == "timed_out", "\(clone)")
            try await bench.eventually("it is gone") { bench.platform.view.apps.count == 1 }
            try await bench.eventually("its disk is gone") { bench.platform.view.volumes.count == 1 }
            #expect(bench.platform.view.volumes.values.allSatisfy { $0.value.replaces == nil })
        }
    }

    @Test("what is not right is refused before anything happens")
    func refused() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            let snapshot = try await bench.snapshot(guid, "mine")
            let clones = "/foundry/v1/apps/\(guid)/clones"
            for (body, code) in [
                ("{}", ErrorCode.badRequest), (#"{"name":"No"}"#, .nameInvalid), (#"{"name":"demo"}"#, .nameTaken),
                (#"{"name":"copy","snapshot":"none"}"#, .snapshotNotFound),
                (#"{"name":"copy","snapshot":"No!"}"#, .snapshotNotFound),
                (#"{"name":"copy","port":"7"}"#, .wrongType), (#"{"nmae":"copy"}"#, .unknownField), ("[", .notJSON),
            ] {
                #expect(try await bench.call(.post, clones, body).error?.code == code, "\(body)")
            }
            let rewinds = "/foundry/v1/apps/\(guid)/rewinds"
            for (body, code) in [
                ("{}", ErrorCode.badRequest), ("{\"snapshot\":\"\(snapshot)\",\"copy\":\"v\"}", .badRequest),
                (#"{"snapshot":"none"}"#, .snapshotNotFound), (#"{"copy":"none"}"#, .volumeNotFound),
                (#"{"copy":"No!"}"#, .volumeNotFound), (#"{"to":"mine"}"#, .unknownField),
                ("{\"snapshot\":\"\(snapshot)\",\"instead_of\":\"another\"}", .conflict),
            ] {
                #expect(try await bench.call(.post, rewinds, body).error?.code == code, "\(body)")
            }
            let volume = try #require(bench.platform.view.volumes.keys.first)
            #expect(try await bench.call(.delete, "/foundry/v1/volumes/\(volume)").error?.code == .conflict)
            #expect(try await bench.call(.delete, "/foundry/v1/volumes/none").error?.code == .volumeNotFound)
            #expect(try await bench.call(.post, "/foundry/v1/apps/none/clones", "{}").error?.code == .badRequest)
            #expect(
                try await bench.call(.post, "/foundry/v1/apps/none/clones", #"{"name":"copy"}"#).error?.code
                    == .appNotFound)
            #expect(bench.platform.view.apps.count == 1 && bench.platform.view.volumes.count == 1)
        }
    }
}
