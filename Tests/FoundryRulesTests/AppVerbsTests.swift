import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Start, stop, restart and delete")
struct AppVerbsTests {
    private var random = Seeded(91)
    private static let now = Samples.start + 5_000

    private static func app(_ desired: DesiredState) -> Revised<AppRecord> {
        let app = AppRecord(
            id: AppID("app")!, name: AppName("demo")!, spec: Samples.spec(), desired: desired, generation: 3,
            createdAt: Samples.start,
            updatedAt: Samples.start)
        return Revised(app, revision: 9)
    }

    private mutating func verb(
        _ operation: JobOperation, _ desired: DesiredState, purge: Bool = false
    ) throws(FoundryError) -> VerbPlan {
        let app = Self.app(desired)
        switch operation {
        case .start: return try AppVerbs.start(app, now: Self.now, using: &random)
        case .stop: return try AppVerbs.stop(app, now: Self.now, using: &random)
        case .restart: return try AppVerbs.restart(app, members: [], now: Self.now, using: &random)
        case .delete, .applyManifest, .scale, .snapshot, .removeSnapshot, .clone, .rewind, .removeVolume,
            .createService, .updateService, .deleteService, .createBinding, .deleteBinding:
            return try AppVerbs.delete(app, purge: purge, now: Self.now, using: &random)
        }
    }

    @Test("What changes is written against the record as it was read, with a job and an event")
    mutating func changes() throws {
        let cases: [(JobOperation, DesiredState, DesiredState, Int, EventName)] = [
            (.start, .stopped, .started, 4, .appStarted), (.stop, .started, .stopped, 3, .appStopped),
            (.restart, .started, .started, 4, .appRestarted), (.restart, .stopped, .started, 4, .appRestarted),
            (.delete, .started, .deleted(purge: false), 3, .appDeleted),
            (.delete, .stopped, .deleted(purge: false), 3, .appDeleted),
        ]
        for (operation, before, after, generation, event) in cases {
            let plan = try verb(operation, before)
            #expect(
                !plan.isUnchanged && plan.app.desired == after && plan.app.generation == generation,
                "\(operation) of \(before)")
            #expect(plan.app.updatedAt == Self.now && plan.app.createdAt == Samples.start)
            #expect(
                plan.job.operation == operation && plan.job.generation == generation && plan.job.state == .processing)
            #expect(plan.transactionName == operation.rawValue)
            #expect(plan.writes.first == .put(.app(plan.app), expects: .revision(9)))
            #expect(plan.writes.contains(.put(.job(plan.job), expects: .absent)))
            guard case .put(.event(let told), .absent)? = plan.writes.last else {
                Issue.record("no event")
                continue
            }
            #expect(told.kind == event && told.subject == "demo" && told.actor == "operator" && told.app == plan.app.id)
        }
    }

    @Test("What is so already writes a job, and nothing else")
    mutating func unchanged() throws {
        for (operation, desired) in [
            (.start, .started), (.stop, .stopped), (.delete, .deleted(purge: false)), (.delete, .deleted(purge: true)),
        ] as [(JobOperation, DesiredState)] {
            let plan = try verb(operation, desired)
            #expect(plan.isUnchanged && plan.writes == [.put(.job(plan.job), expects: .absent)])
            #expect(plan.app == Self.app(desired).value)
        }
    }

    @Test("A delete can be made a purge, and a purge never a delete that keeps")
    mutating func purge() throws {
        #expect(try verb(.delete, .started, purge: true).app.desired == .deleted(purge: true))
        #expect(try verb(.delete, .deleted(purge: false), purge: true).app.desired == .deleted(purge: true))
        #expect(try verb(.delete, .deleted(purge: true), purge: false).app.desired == .deleted(purge: true))
        #expect(try verb(.delete, .deleted(purge: true), purge: true).isUnchanged)
    }

    @Test("What is being deleted can be deleted, and nothing else")
    mutating func deleted() {
        for operation in [JobOperation.start, .stop, .restart] {
            let error = #expect(throws: FoundryError.self) { try verb(operation, .deleted(purge: false)) }
            #expect(error?.code == .appBusy && error?.message == "demo is being deleted." && error?.hint != nil)
        }
    }
}
