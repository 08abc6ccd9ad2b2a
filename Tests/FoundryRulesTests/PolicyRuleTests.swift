import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("The words of a policy")
struct PolicyRuleTests {
    private static func plan(
        _ policy: PolicyRequest, disk: String? = "1G", image variables: [String] = []
    ) -> Result<PushPlan, FoundryError> {
        var random = Seeded(77)
        var image = Samples.image()
        image.configuration.environment += variables
        let request = PushRequest(
            name: "demo", image: "redis", disk: disk, policy: policy, ephemeral: disk == nil)
        return Result { () throws(FoundryError) in
            try PushPlanner.plan(
                request, image: image, view: Samples.view(), configuration: Samples.configuration(), now: Samples.start,
                using: &random)
        }
    }

    private static func error(_ result: Result<PushPlan, FoundryError>) -> FoundryError? {
        if case .failure(let error) = result { return error }
        return nil
    }

    @Test("Left out, a disk syncs as its program says, at full pace, and silence frees it")
    func defaults() throws {
        let spec = try Self.plan(PolicyRequest()).get().app.spec
        #expect(spec.disk?.sync == .normal && spec.disk?.io == .max && spec.disk?.tolerates == [])
        #expect(spec.recovery == RecoverySpec() && spec.restartPolicy == .consistent)
    }

    @Test("Every word reaches the specification")
    func words() throws {
        let policy = PolicyRequest(
            restartPolicy: "available", diskSync: "defer:50", ioPerformance: "low", tolerates: "reorder",
            fence: "power",
            whenLost: "empty")
        let spec = try Self.plan(policy).get().app.spec
        #expect(spec.restartPolicy == .available && spec.disk?.sync == .deferred(milliseconds: 50))
        #expect(spec.disk?.io == .low && spec.disk?.tolerates == [.reorder])
        #expect(spec.recovery.fence == .power && spec.recovery.whenLost == .empty)
    }

    @Test("Who mistyped a word is told which one is near, or which ones there are")
    func mistyped() {
        let cases: [(PolicyRequest, String)] = [
            (PolicyRequest(diskSync: "later"), "one of immediate, normal, defer, or defer:MS with 10 to 60000 ms"),
            (PolicyRequest(ioPerformance: "hihg"), "did you mean high?"),
            (PolicyRequest(ioPerformance: "warp"), "one of low, medium, high, max"),
            (PolicyRequest(tolerates: "anything"), "one of reorder"),
            (PolicyRequest(fence: "persn"), "did you mean person?"),
            (PolicyRequest(restartPolicy: "available", whenLost: "emptyy"), "did you mean empty?"),
        ]
        for (policy, hint) in cases {
            let error = Self.error(Self.plan(policy))
            #expect(error?.code == .policyUnknown && error?.hint == hint, "\(policy)")
        }
    }

    @Test("A word about a disk needs one")
    func withoutDisk() {
        for policy in [
            PolicyRequest(diskSync: "normal"), PolicyRequest(ioPerformance: "max"), PolicyRequest(tolerates: "reorder"),
        ] {
            #expect(Self.error(Self.plan(policy, disk: nil))?.code == .diskRequired, "\(policy)")
        }
        #expect(Self.error(Self.plan(PolicyRequest(fence: "person"), disk: nil)) == nil)
    }

    @Test("A consistent app never begins anew without its data")
    func whenLost() {
        let error = Self.error(Self.plan(PolicyRequest(whenLost: "empty")))
        #expect(error?.code == .policyConflict && error?.hint == "--restart-policy available")
    }

    @Test("The platform defers syncs only for data that survives reordering: the user says so, or the image")
    func tolerance() throws {
        let deferred = PolicyRequest(diskSync: "defer")
        #expect(Self.error(Self.plan(deferred))?.code == .policyConflict)
        let said = try Self.plan(PolicyRequest(diskSync: "defer", tolerates: "reorder")).get().app.spec
        #expect(DeferralRule.deferral(said.disk!, said.image) == .platform(milliseconds: 200))
        let tolerant = try Self.plan(deferred, image: ["FOUNDRY_TOLERATES=reorder"]).get().app.spec
        #expect(tolerant.disk?.tolerates == [.reorder])
        // An engine that defers by a setting of its own keeps the order.
        let engine = try Self.plan(deferred, image: ["FOUNDRY_DISK_SYNC=normal"]).get().app.spec
        #expect(DeferralRule.deferral(engine.disk!, engine.image) == .engine(milliseconds: 200))
        #expect(engine.disk?.tolerates == [])
        // One that cannot do better says so.
        for (least, milliseconds) in [("2000", 2_000), ("50", 200), ("soon", 200)] as [(String, Int64)] {
            let slow = try Self.plan(
                deferred, image: ["FOUNDRY_DISK_SYNC=normal", "FOUNDRY_DISK_DEFER_LEAST_MS=\(least)"]
            ).get().app.spec
            #expect(DeferralRule.deferral(slow.disk!, slow.image) == .engine(milliseconds: milliseconds), "\(least)")
        }
        #expect(DeferralRule.deferral(DiskSpec(size: .gigabytes(1), mounts: []), engine.image) == .none)
    }

    @Test("A member is told how its disk syncs")
    func variables() {
        func told(_ sync: DiskSync) -> [String: String] {
            DeferralRule.variables(of: DiskSpec(size: .gigabytes(1), mounts: [], sync: sync))
        }
        #expect(told(.immediate) == ["FOUNDRY_DISK_SYNC": "immediate"])
        #expect(told(.normal) == ["FOUNDRY_DISK_SYNC": "normal"])
        #expect(told(.deferred(milliseconds: 40)) == ["FOUNDRY_DISK_SYNC": "defer", "FOUNDRY_DISK_DEFER_MS": "40"])
    }
}
