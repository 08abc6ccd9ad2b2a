import FoundryModel
import FoundryRules
import Testing

@Suite("What is gone from the store")
struct ControllerRemovalTests {
    private static let one = ClusterBench.cell(1)

    private static func remove(_ record: Record, _ bench: inout ClusterBench) {
        bench.mustWrite([.delete(key: record.key, kind: record.kind, expects: .any)])
    }

    @Test("A key that is nobody's says nothing")
    func unknown() {
        var bench = ClusterBench()
        let before = bench.done.count
        bench.tell(.removed(key: "/others/1", revision: bench.revision + 1))
        bench.tell(.caughtUp)
        #expect(bench.done.count == before)
    }

    @Test("An app's log drains go in the transaction in which it goes, and nobody else's")
    func drains() throws {
        var bench = ControllerBench()
        _ = try bench.push(PushRequest(name: "demo", image: "redis", disk: "100M", memory: "64M"))
        _ = bench.cell(
            [try bench.status("demo", .healthy)], volumes: [try bench.lying("demo", epoch: 1, mounted: true)])
        let app = try #require(AppName("demo").flatMap { bench.view.app(named: $0) }?.value.id)
        let target = try #require(LogDrainTarget("syslog://logs.test"))
        let drains = [(LogDrainID("own")!, app), (LogDrainID("other")!, AppID("another")!)].map { id, app in
            LogDrainRecord(id: id, app: app, target: target, createdAt: Samples.start, createdBy: "operator")
        }
        _ = bench.write(drains.map { .put(.logDrain($0), expects: .absent) })
        _ = try bench.delete("demo")
        #expect(bench.view.logDrains.count == 2)
        _ = bench.cell(
            [try bench.status("demo", .stopped)], volumes: [try bench.lying("demo", epoch: 1, sealed: true)])
        #expect(bench.view.apps.isEmpty && bench.view.logDrains.keys.map(\.description) == ["other"])
    }

    @Test("The record of a cell that goes on reporting is written again, from its word")
    func cell() throws {
        var bench = ClusterBench()
        let record = try #require(bench.view.cells[Self.one]?.value)
        Self.remove(.cell(record), &bench)
        #expect(bench.view.cells[Self.one]?.value == record)
        let effect = try #require(bench.done.last)
        #expect(effect.name == .cellRecord && effect.writes == [.put(.cell(record), expects: .absent)])
    }

    @Test("A fence that is gone is lifted at once: what it stopped is granted anew, under a higher epoch")
    func fence() throws {
        var bench = ClusterBench()
        let app = bench.push("db")
        let member = try #require(bench.view.primary(of: app))
        let volume = try #require(member.volume)
        let epoch = try #require(bench.view.volumes[volume]?.value.epoch)
        let fence = FenceRecord(
            id: FenceID("asked")!, cell: member.cell, incarnation: bench.incarnation(member.cell), cause: .asked,
            createdAt: bench.moment.wall, createdBy: "operator")
        bench.mustWrite([.put(.fence(fence), expects: .absent)])
        bench.pass(2_000)
        #expect(bench.view.volumes[volume]?.value.phase == .sealed)
        Self.remove(.fence(fence), &bench)
        #expect(bench.view.volumes[volume]?.value.phase == .held(by: member.id))
        #expect(bench.view.volumes[volume].map { $0.value.epoch > epoch } == true)
    }

    @Test("Without a record of the cluster its switches are as they were at first: maintenance is over")
    func cluster() {
        var bench = ClusterBench()
        let cluster = Record.cluster(ClusterRecord(isInMaintenance: true))
        bench.mustWrite([.put(cluster, expects: .absent)])
        bench.living.remove(Self.one)
        bench.pass(2 * SessionTiming.normal.expiryMilliseconds)
        #expect(!bench.names.contains(.sessionExpire))
        Self.remove(cluster, &bench)
        #expect(bench.names.last == .sessionExpire)
    }

    @Test("A volume that a member holds which is gone, and one of a cell that follows older orders, are left alone")
    func holder() throws {
        var bench = ControllerBench()
        _ = try bench.push(PushRequest(name: "demo", image: "redis", disk: "100M"))
        _ = bench.cell(
            [try bench.status("demo", .healthy)], volumes: [try bench.lying("demo", epoch: 1, mounted: true)])
        let app = try #require(bench.view.apps.values.first?.value)
        let member = try #require(bench.view.members.values.first?.value)
        let volume = try bench.volume("demo")
        let effects = bench.write([
            .delete(key: Record.member(member).key, kind: .member, expects: .any),
            .delete(key: Record.app(app).key, kind: .app, expects: .any),
        ])
        #expect(effects?.contains { $0.subject == "volume/\(volume.id)" } == false)
        #expect(try bench.volume("demo") == volume)
    }
}
