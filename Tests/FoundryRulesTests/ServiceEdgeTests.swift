import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Services: what is refused, and what is odd")
struct ServiceEdgeTests {
    private func code(_ work: () throws -> Void) -> ErrorCode? {
        do {
            try work()
            return nil
        } catch { return (error as? FoundryError)?.code }
    }

    @Test("An instance of a plan that nobody offers, and of one too many, is refused; one that failed says why again")
    func provision() throws {
        var bench = try ServiceBench()
        var request = bench.request(id: "one")
        request.plan = PlanID("none")!
        #expect(bench.refusal(request) == .planNotFound)
        bench.world.phases[0] = .crashed(nextTry: Samples.start)
        try bench.provision(bench.request(id: "one"))
        #expect(bench.refusal(bench.request(id: "one")) == .appCrashed)
        let sample = try bench.record().value
        var view = bench.view
        for number in 1..<ServiceVerbs.mostInstances {
            var another = sample
            another.id = ServiceInstanceID("i\(number)")!
            view.put(.instance(another), revision: 9_000)
        }
        let wanted = bench.request("more")
        #expect(
            code {
                _ = try ServiceVerbs.provision(
                    wanted, view: view, configuration: bench.world.bench.configuration, now: bench.now,
                    using: &bench.world.bench.random)
            } == .capacityShort)
    }

    @Test("Two ids that begin alike get two names")
    func names() throws {
        var bench = try ServiceBench()
        let first = try bench.provision(bench.request(nil, id: "12345678-9abc-4def-8000-000000000000")).subject
        let second = try bench.provision(bench.request(nil, id: "12345678-9abc-4def-8000-000000000001")).subject
        #expect(second.name.description.hasPrefix("\(first.name)-") && second.name != first.name)
    }

    @Test("A release with TLS needs a certificate, which comes with the members' orders and the credentials")
    func certificate() throws {
        var bench = try ServiceBench(ServiceBench.manifest(tls: true))
        #expect(bench.refusal(bench.request()) == .conflict)
        var request = bench.request()
        request.certificate = ServiceCertificate(
            authority: "CA", certificate: "leaf", key: Secret("key"), expiresAt: Samples.start)
        try bench.provision(request)
        #expect(bench.world.orders.members.first?.service?.secrets.tls?.authority == "CA")
        let binding = try bench.bind().subject
        #expect(try CredentialRule.credentials(of: binding, host: "h", view: bench.view)["ca"] == .text("CA"))
    }

    @Test("Deleting waits for an update, and asks nothing twice; another name must be one, and free")
    func operations() throws {
        var bench = try ServiceBench()
        try bench.provision()
        try bench.update(ServiceUpdateRequest(plan: bench.planID("large"), by: "ci"), settles: false)
        #expect(code { try bench.delete(settles: false) } == .serviceBusy)
        bench.settle()
        let rename = { (name: String, bench: inout ServiceBench) throws in
            try ServiceVerbs.rename(
                try bench.record(), to: name, view: bench.view, now: bench.now, using: &bench.world.bench.random)
        }
        #expect(code { _ = try rename("No", &bench) } == .nameInvalid)
        #expect(try rename("db", &bench).isUnchanged)
        #expect(
            code { try bench.update(ServiceUpdateRequest(version: ReleaseVersion("9.0.0")!, by: "ci")) }
                == .maintenanceInfoConflict)
        #expect(code { try bench.update(ServiceUpdateRequest(plan: PlanID("none")!, by: "ci")) } == .planNotFound)
        try bench.delete(settles: false)
        // Its workload goes before its record does.
        var view = bench.view
        view.remove(key: RecordKind.app.key(try bench.record().value.workload.description), revision: 9_000)
        var idle = try bench.record()
        idle.value.operation.state = .succeeded
        #expect(
            code {
                _ = try ServiceVerbs.update(
                    idle, ServiceUpdateRequest(by: "ci"), view: view, configuration: bench.world.bench.configuration,
                    now: bench.now, using: &bench.world.bench.random)
            } == .serviceBusy)
    }

    @Test("What a plan, a release and a user say of disks, memory and checks becomes the workload's")
    func specification() throws {
        var manifest = ServiceBench.manifest()
        manifest.health = ReleaseCheck(.verb("alive"), intervalMilliseconds: 7_000)
        manifest.readiness = ReleaseCheck(.engine(.redis))
        var bench = try ServiceBench(manifest)
        let policy = ReleasePolicy(diskSync: "defer:3000")
        try bench.provision(
            bench.request(wishes: ServiceWishes(policy: policy, memory: "80M")), settles: false)
        let spec = try #require(bench.view.apps[bench.record().value.workload]?.value.spec)
        #expect(spec.health.asks == .command(["/foundry/verbs/alive"]) && spec.health.intervalMilliseconds == 7_000)
        #expect(spec.readiness?.asks == .engine(.redis, port: 6_379) && spec.memory == .megabytes(80))
        #expect(spec.service?.values["disk_sync"] == "defer" && spec.service?.values["disk_defer_ms"] == "3000")

        manifest.name = AppName("mem")!
        manifest.data = nil
        manifest.health = ReleaseCheck(.process)
        var diskless = try ServiceBench(manifest)
        #expect(diskless.refusal(diskless.request(wishes: ServiceWishes(disk: "1G"))) == .diskUnused)
        try diskless.provision()
        let plain = try #require(diskless.view.apps[diskless.record().value.workload]?.value.spec)
        #expect(plain.disk == nil && plain.ephemeralPaths == ["/data"] && plain.health.asks == .process)
        #expect(plain.service?.values["disk_mb"] == "0")
        try diskless.bind()
        try diskless.delete()
        #expect(diskless.view.instances.isEmpty)
    }

    @Test("A binding of what is not there, is stopped, or another's, is refused; under way, it says so")
    func bindings() throws {
        var bench = try ServiceBench()
        try bench.provision()
        let other = BindRequest(instance: ServiceInstanceID("none")!, origin: ServiceOrigin(by: "ci"))
        #expect(
            code {
                _ = try BindingVerbs.bind(other, view: bench.view, now: bench.now, using: &bench.world.bench.random)
            } == .serviceNotFound)
        #expect(code { try bench.bind(nil, app: AppID("none")!) } == .appNotFound)
        #expect(code { try bench.bind(nil, app: bench.record().value.workload) } == .appNotFound)
        #expect(code { try bench.bind(predecessor: BindingID("none")!) } == .bindingNotFound)
        var young = try ServiceBench()
        try young.provision(settles: false)
        #expect(code { try young.bind() } == .serviceBusy)
        bench.world.outcome = nil
        let first = try bench.bind(id: "b1", settles: false)
        #expect(try bench.bind(id: "b1", settles: false).standing == .inProgress)
        bench.world.outcome = .done
        bench.settle()
        #expect(try bench.bind("second", predecessor: first.subject.id).standing == .begun)
        bench.world.outcome = nil
        try bench.unbind(first.subject.id)
        #expect(try bench.unbind(first.subject.id).standing == .inProgress)
        #expect(code { try bench.bind(id: "b1") } == .serviceBusy)
        bench.world.outcome = .failed(FoundryError(.verbFailed, "unbind: no"))
        bench.world.bench.now += 31_000
        bench.settle()
        let jobs = bench.view.jobs.values.filter { $0.value.operation == .deleteBinding }
        #expect(jobs.contains { if case .failed = $0.value.state { true } else { false } })
        bench.world.outcome = .done
        bench.settle()
        _ = try bench.world.bench.stop("db")
        #expect(code { try bench.bind("third") } == .serviceNotReady)
    }

    @Test("A failed binding says why again, and a key that is gone meanwhile ends its job")
    func failedBinding() throws {
        var bench = try ServiceBench()
        try bench.provision()
        bench.world.outcome = .failed(FoundryError(.verbFailed, "bind: no"))
        try bench.bind(id: "b1")
        bench.world.bench.now += 31_000
        bench.settle()
        #expect(code { try bench.bind(id: "b1") } == .verbFailed)
        bench.world.outcome = nil
        let going = try bench.bind("x", id: "b2", settles: false)
        try bench.unbind(going.subject.id, settles: false)
        bench.settle()
        guard case .failed? = bench.world.job(going.job) else { return #expect(Bool(false), "it should have failed") }
    }

    @Test("A key that is being made when its instance is deleted was never usable, and its job says so")
    func deletedMeanwhile() throws {
        var bench = try ServiceBench()
        try bench.provision()
        bench.world.outcome = nil
        let key = try bench.bind(settles: false)
        try bench.delete()
        #expect(bench.view.instances.isEmpty && bench.view.bindings.isEmpty)
        guard case .failed(let error)? = bench.world.job(key.job) else {
            return #expect(Bool(false), "\(String(describing: bench.world.job(key.job)))")
        }
        #expect(error.code == .conflict)
    }

    @Test("Credentials of what has no route, no release or no instance are refused")
    func credentials() throws {
        var bench = try ServiceBench()
        try bench.provision()
        let binding = try bench.bind().subject
        let of = { (view: PlatformView) throws in
            _ = try CredentialRule.credentials(of: binding, host: "h", view: view)
        }
        let instance = try bench.record().value
        var view = bench.view
        let route = try #require(view.route(of: instance.workload))
        view.remove(key: Record.route(route).key, revision: 9_000)
        #expect(code { try of(view) } == .serviceNotReady)
        view = bench.view
        view.remove(key: RecordKind.release.key(instance.release.description), revision: 9_000)
        #expect(code { try of(view) } == .releaseNotFound)
        view.remove(key: RecordKind.instance.key(instance.id.description), revision: 9_000)
        #expect(code { try of(view) } == .serviceNotFound)
        view.remove(key: RecordKind.binding.key(binding.id.description), revision: 9_000)
        view.remove(key: RecordKind.binding.key(binding.id.description), revision: 9_001)
        #expect(view.bindings.isEmpty && view.revision == 9_001)
    }

    @Test("Two services of an app are two ways and two directories, under names that the bindings may have")
    func twoServices() throws {
        var bench = try ServiceBench(ServiceBench.manifest(users: false))
        try bench.provision()
        try bench.provision(bench.request("cache"))
        _ = try bench.world.bench.push(PushRequest(name: "shop", image: "redis", disk: "100M", memory: "64M"))
        bench.settle()
        let shop = try bench.world.app("shop").value.id
        try bench.bind("main\"\\\n\r\t\u{1}", app: shop)
        let request = BindRequest(
            instance: try bench.record("cache").value.id, app: shop, origin: ServiceOrigin(by: "ci"))
        let answer = try BindingVerbs.bind(
            request, view: bench.view, now: bench.now, using: &bench.world.bench.random)
        _ = bench.world.bench.write(answer.writes)
        let order = try #require(bench.world.orders.members.first { $0.app == shop }?.bindings)
        #expect(order.routes.map(\.name) == ["cache", "db"])
        let services = try #require(order.environment["VCAP_SERVICES"]).reveal()
        #expect(services.contains(#""binding_name":"main\"\\\n\r\t\u0001""#))
        #expect(bench.view.appCount == 1 && bench.view.bindings(to: shop).count == 2)
    }

    @Test("With its app a binding goes; exchanged, the app gets the newer one; another controller goes on with both")
    func appsGo() throws {
        var bench = try ServiceBench()
        try bench.provision()
        _ = try bench.world.bench.push(PushRequest(name: "shop", image: "redis", disk: "100M", memory: "64M"))
        bench.settle()
        let shop = try bench.world.app("shop").value.id
        let first = try bench.bind(nil, app: shop).subject
        let second = try bench.bind(nil, app: shop, predecessor: first.id, overlap: 60_000).subject
        let order = try #require(bench.world.orders.members.first { $0.app == shop }?.bindings)
        #expect(order.files["db/uri"]?.reveal().contains(try #require(second.user)) == true)
        _ = bench.world.bench.restart()
        bench.world.bench.now += 61_000
        _ = bench.world.bench.tell(.tick)
        guard case .unbinding? = bench.binding(first.id) else { return #expect(Bool(false), "time alone ends it") }
        bench.settle()
        bench.world.outcome = .failed(FoundryError(.verbFailed, "bind: no"))
        _ = try bench.world.bench.delete("shop", purge: true)
        bench.settle()
        #expect(bench.binding(first.id) == .revoked)
        bench.world.outcome = .done
        bench.settle()
        #expect(bench.view.apps[shop] == nil && bench.binding(second.id) == .revoked)
    }

    @Test("Parameters of each kind say what they are not, and what they may be")
    func parameters() {
        let kinds: [(ParameterKind, [ParameterValue], [ParameterValue])] = [
            (.integer(minimum: 1, maximum: 2), [.integer(1)], [.integer(3), .integer(0), .text("1")]),
            (.boolean, [.boolean(true)], [.text("true")]),
            (.text(longest: 3), [.text("a-b")], [.text("abcd"), .text("a'b"), .integer(1)]),
            (.choice(["a", "b"]), [.text("a")], [.text("c"), .boolean(true)]),
        ]
        for (kind, good, bad) in kinds {
            for value in good { #expect(ParameterRule.problem(value, kind) == nil && !value.description.isEmpty) }
            for value in bad { #expect(ParameterRule.problem(value, kind) != nil, "\(value)") }
            #expect(!ParameterRule.words(kind).isEmpty)
        }
        let needed = ReleaseParameter(name: "size", kind: .boolean, defaultValue: nil)
        #expect(throws: FoundryError.self) { try ParameterRule.values([needed], given: [:]) }
        #expect(throws: FoundryError.self) { try ParameterRule.check([needed], ["nothing-like-it": .boolean(true)]) }
        #expect(throws: FoundryError.self) { try ParameterRule.check([], ["size": .boolean(true)]) }
    }

    @Test("Releases: the same again changes nothing, another current one comes back, and what is run stays")
    func releases() throws {
        var bench = try ServiceBench()
        let id = ReleaseID(name: AppName("pg")!, version: ReleaseVersion("1.0.0")!)
        #expect(ReleaseID("pg/1.0.0") == id && ReleaseID("pg") == nil && ReleaseID("pg/x") == nil)
        let before = bench.view.releases.count
        try bench.install(ServiceBench.manifest())
        #expect(bench.view.releases.count == before)
        try bench.install(ServiceBench.manifest(version: "2.0.0"))
        try bench.install(ServiceBench.manifest())
        #expect(bench.view.offerings.map(\.id) == [id], "an older one is offered again")
        var other = ServiceBench.manifest()
        other.name = AppName("aa")!
        try bench.install(other)
        #expect(bench.view.offerings.map(\.manifest.name.description) == ["aa", "pg"])
        let remove = { (id: ReleaseID, bench: inout ServiceBench) throws in
            let plan = try ReleaseVerbs.remove(id, view: bench.view, now: bench.now, using: &bench.world.bench.random)
            _ = bench.world.bench.write(plan.writes)
        }
        try bench.install(ServiceBench.manifest(version: "1.1.0"))
        try remove(ReleaseID("aa/1.0.0")!, &bench)
        try remove(ReleaseID("pg/2.0.0")!, &bench)
        try remove(ReleaseID("pg/1.1.0")!, &bench)
        #expect(bench.view.offerings.map(\.id) == [id])
        #expect(bench.view.offering(bench.view.offerings[0].offering)?.id == id)
        try bench.provision(bench.request("db-0"))
        #expect(code { try remove(id, &bench) } == .releaseInUse)
        #expect(code { try remove(ReleaseID("nothing-like-it/1.0.0")!, &bench) } == .releaseNotFound)
        for number in 1..<4 { try bench.provision(bench.request("db-\(number)")) }
        #expect(code { try remove(id, &bench) } == .releaseInUse)
        #expect(code { try remove(ReleaseID("pq/1.0.0")!, &bench) } == .releaseNotFound)
        #expect(bench.view.instances(of: id).map(\.name.description) == ["db-0", "db-1", "db-2", "db-3"])
        for instance in bench.view.instances.values {
            let app = try #require(bench.view.apps[instance.value.workload]?.value)
            #expect(bench.view.instance(of: app)?.id == instance.value.id)
            #expect(throws: FoundryError.self) {
                try AppVerbs.delete(
                    Revised(app, revision: 1), purge: false, now: bench.now, using: &bench.world.bench.random)
            }
        }
    }

    @Test("The broker's credentials have names of their own, not too many, and go by name")
    func brokerCredentials() throws {
        var bench = try ServiceBench()
        let create = { (name: String, bench: inout ServiceBench) throws in
            let made = try BrokerCredentialRule.create(
                name, hash: "h", by: "ci", view: bench.view, now: bench.now, using: &bench.world.bench.random)
            _ = bench.world.bench.write(made.writes)
        }
        let revoke = { (name: String, bench: inout ServiceBench) throws in
            let writes = try BrokerCredentialRule.revoke(
                name, by: "ci", view: bench.view, now: bench.now, using: &bench.world.bench.random)
            _ = bench.world.bench.write(writes)
        }
        try create("cf", &bench)
        #expect(code { try create("cf", &bench) } == .nameTaken)
        #expect(code { try create("No", &bench) } == .nameInvalid)
        #expect(code { try revoke("cg", &bench) } == .notFound)
        #expect(code { try revoke("nothing-like-it", &bench) } == .notFound)
        for number in 1..<BrokerCredentialRule.most { try create("c\(number)", &bench) }
        #expect(code { try create("more", &bench) } == .tooManyRequests)
        try revoke("cf", &bench)
        #expect(bench.view.brokerCredentials[TokenName("cf")!] == nil)
    }

    @Test("Names of ours are taken")
    func takenNames() {
        for name in [
            "host", "user", "founded", "member_index", "index", "secrets", "data", "binding_x", "credential_x",
        ] {
            #expect(ServiceNames.isTaken(name), "\(name)")
        }
        #expect(!ServiceNames.isTaken("max_connections"))
    }

    @Test("Versions and plans have their shapes")
    func shapes() {
        for text in ["1.0", "1.0.0.0", "1.0.x", "01.0.0", "", "1..0", "1234567.0.0"] {
            #expect(ReleaseVersion(text) == nil, "\(text)")
        }
        #expect(ReleaseVersion("1.10.0")! > ReleaseVersion("1.9.0")!)
        for text in ["a.b", "-a", "a-", "", String(repeating: "a", count: 51)] { #expect(PlanName(text) == nil) }
        #expect(PlanName("3-servers") != nil)
    }

    @Test("A section that is not closed is told, also one of what is not")
    func templates() {
        for text in ["{{#a}}", "{{^a}}"] { #expect(throws: FoundryError.self) { try Template(text, name: "t") } }
    }

    @Test("Lengths of time, and the bounds of YAML")
    func texts() {
        #expect(DurationText.milliseconds("1.5s") == 1_500 && DurationText.milliseconds("2") == 2_000)
        #expect(DurationText.milliseconds("250ms") == 250 && DurationText.milliseconds("2m") == 120_000)
        for text in ["", "s", "1h", "1e99", "99999999999999s"] { #expect(DurationText.milliseconds(text) == nil) }
        #expect(YAMLBounds.deepestFlow(Array("]a: [[{}]]".utf8)) == 3)
        #expect(YAMLBounds.longestIndent(Array("a\n  - b\r   c: d".utf8)) == 4)
        #expect(YAMLBounds.aliases(Array("*a b: *c 2*3 * x *".utf8)) == 2)
    }

    @Test("JSON that is put together takes fields over")
    func jsonNodes() {
        let node: JSONNode = ["a": 1, "b": [true, "x"]]
        #expect(node.with(["a": 2]) == ["a": 2, "b": [true, "x"]] && JSONNode.text("x").with(["a": 1]) == ["a": 1])
    }
}
