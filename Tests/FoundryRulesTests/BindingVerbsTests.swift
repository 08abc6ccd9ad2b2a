import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Bindings")
struct BindingVerbsTests {
    @Test("A binding has a user and a password of its own, which a verb makes true in a member")
    func bind() throws {
        var bench = try ServiceBench()
        try bench.provision()
        bench.world.outcome = nil
        let answer = try bench.bind(parameters: ["access": .text("ro")])
        #expect(answer.standing == .begun && bench.world.job(answer.job) == .processing)
        let order = try #require(bench.world.ran.first)
        #expect(order.verb == "bind" && order.environment["FOUNDRY_BINDING_ACCESS"] == "ro")
        #expect(order.environment["FOUNDRY_BINDING_USER"] == answer.subject.user)
        #expect(order.input?.reveal().count == 32 && "\(order)".contains("(secret)"))
        bench.world.outcome = .done
        bench.settle()
        #expect(bench.binding(answer.subject.id) == .bound && bench.world.job(answer.job) == .complete)
        #expect(bench.world.orders.verbs.isEmpty)
        let other = try bench.bind("other").subject
        #expect(other.user != answer.subject.user && other.password != answer.subject.password)
    }

    @Test("Its credentials are what the release makes of it, an empty field left out, the port a number")
    func credentials() throws {
        var bench = try ServiceBench()
        try bench.provision()
        let binding = try bench.bind().subject
        let credentials = try CredentialRule.credentials(of: binding, host: "10.0.0.1", view: bench.view)
        let (user, password) = (try #require(binding.user), try #require(binding.password).reveal())
        #expect(credentials["uri"] == .text("pg://\(user):\(password)@10.0.0.1:20000/app?rw"))
        #expect(credentials["port"] == .number(20_000) && credentials["ca"] == nil)
    }

    @Test("A verb that goes on failing fails the binding; nobody can use it, and it can be removed")
    func failing() throws {
        var bench = try ServiceBench()
        try bench.provision()
        bench.world.outcome = .failed(FoundryError(.verbFailed, "bind: no"))
        let answer = try bench.bind()
        #expect(bench.world.job(answer.job) == .processing, "it is tried again first")
        bench.world.bench.now += 31_000
        bench.settle()
        guard case .failed? = bench.world.job(answer.job), case .failed? = bench.binding(answer.subject.id) else {
            return #expect(Bool(false), "it should have failed")
        }
        #expect(bench.view.bindings[answer.subject.id]?.value.isUsable == false)
        bench.world.outcome = .done
        try bench.unbind(answer.subject.id)
        #expect(try bench.view.bindings(of: bench.record().value.id).isEmpty)
    }

    @Test("Asked for again it is the same; another one under its id, or of its name, is refused")
    func again() throws {
        var bench = try ServiceBench()
        try bench.provision()
        let first = try bench.bind(id: "b1").subject
        let again = try bench.bind(id: "b1")
        #expect(again.standing == .done && again.subject.user == first.user)
        #expect(throws: FoundryError.self) { try bench.bind(id: "b1", parameters: ["access": .text("ro")]) }
        #expect(throws: FoundryError.self) { try bench.bind("key", id: "b2") }
        #expect(throws: FoundryError.self) { try bench.bind(id: "b3", parameters: ["acess": .text("ro")]) }
    }

    @Test("Unbound, its user is removed in a member; bound again under the same id, the user has another password")
    func unbind() throws {
        var bench = try ServiceBench()
        try bench.provision()
        let first = try bench.bind(id: "b1").subject
        let answer = try bench.unbind(first.id)
        #expect(bench.world.ran.last?.verb == "unbind" && bench.world.ran.last?.input == nil)
        #expect(bench.world.ran.last?.environment["FOUNDRY_BINDING_USER"] == first.user)
        #expect(bench.binding(first.id) == .revoked && bench.world.job(answer.job) == .complete)
        #expect(bench.view.bindings[first.id]?.value.password == nil)
        #expect(throws: FoundryError.self) { try bench.unbind(first.id) }
        let second = try bench.bind(id: "b1").subject
        #expect(second.user == first.user && second.password != first.password)
        #expect(bench.binding(second.id) == .bound)
    }

    @Test("After a rewind every binding's user is made again, and every removed one removed again")
    func rewound() throws {
        var bench = try ServiceBench()
        try bench.provision()
        let (kept, gone) = (try bench.bind("kept").subject, try bench.bind("gone").subject)
        try bench.unbind(gone.id)
        bench.world.ran = []
        try bench.snapshotAndRewind()
        #expect(bench.binding(kept.id) == .bound && bench.binding(gone.id) == .revoked)
        #expect(bench.world.ran.first { $0.verb == "bind" }?.environment["FOUNDRY_BINDING_USER"] == kept.user)
        #expect(bench.world.ran.first { $0.verb == "unbind" }?.environment["FOUNDRY_BINDING_USER"] == gone.user)
    }

    @Test("Exchanged, both are valid until the time is over")
    func rotation() throws {
        var bench = try ServiceBench()
        try bench.provision()
        let first = try bench.bind().subject
        let second = try bench.bind(predecessor: first.id, overlap: 60_000).subject
        #expect(bench.binding(first.id) == .bound && bench.binding(second.id) == .bound)
        #expect(second.user != first.user)
        // Nothing else may happen then: the time itself wakes the controller.
        let moment = bench.world.bench.moment
        let wake = try #require(bench.world.bench.machine.nextWake(now: moment))
        #expect(wake <= moment.monotonic + 60_000)
        bench.world.bench.now += 59_000
        bench.settle()
        #expect(bench.binding(first.id) == .bound)
        bench.world.bench.now += 2_000
        bench.settle()
        #expect(bench.binding(first.id) == .revoked && bench.binding(second.id) == .bound)
    }

    @Test("A release without users binds at once, with what all have in common")
    func withoutUsers() throws {
        var bench = try ServiceBench(ServiceBench.manifest(users: false))
        try bench.provision()
        let answer = try bench.bind()
        #expect(answer.standing == .done && answer.subject.user == nil && bench.world.ran.isEmpty)
        try bench.unbind(answer.subject.id)
        #expect(bench.view.bindings.isEmpty)
    }

    @Test("A bound app gets VCAP_SERVICES, a directory, and a way to the route; once it is unbound, none of them")
    func app() throws {
        var bench = try ServiceBench()
        try bench.provision()
        _ = try bench.world.bench.push(PushRequest(name: "shop", image: "redis", disk: "100M", memory: "64M"))
        bench.settle()
        let shop = try bench.world.app("shop").value.id
        let binding = try bench.bind(nil, app: shop).subject
        let order = try #require(bench.world.orders.members.first { $0.app == shop }?.bindings)
        let services = try #require(order.environment["VCAP_SERVICES"]).reveal()
        #expect(services.hasPrefix(#"{"pg":[{"label":"pg","provider":null,"plan":"small","name":"db","#))
        #expect(services.contains(#""credentials":{"port":20000,"uri":"pg://\#(binding.user!):"#))
        #expect(order.files["db/type"]?.reveal() == "pg" && order.files["db/port"]?.reveal() == "20000")
        #expect(order.routes == [BoundRoute(name: "db", port: 20_000)])
        #expect(throws: FoundryError.self) { try bench.bind(nil, app: shop) }
        try bench.unbind(binding.id)
        #expect(bench.world.orders.members.first { $0.app == shop }?.bindings == nil)
    }

    @Test("Of removed users the last two hundred are remembered")
    func remembered() throws {
        var bench = try ServiceBench()
        try bench.provision()
        for number in 0..<BindingVerbs.mostRevoked + 2 {
            let binding = try bench.bind("k\(number)", id: "b\(number)", settles: false).subject
            bench.world.settle()
            try bench.unbind(binding.id, settles: false)
            bench.world.settle()
            bench.world.bench.now += 1
        }
        #expect(bench.view.bindings.count == BindingVerbs.mostRevoked)
        #expect(bench.binding(BindingID("b1")!) == nil && bench.binding(BindingID("b2")!) == .revoked)
    }

    @Test("There are two hundred of an instance")
    func bounded() throws {
        var bench = try ServiceBench()
        try bench.provision()
        for number in 0..<BindingVerbs.mostBindings { try bench.bind("k\(number)", settles: false) }
        #expect(throws: FoundryError.self) { try bench.bind("more", settles: false) }
    }
}
