import FoundryClient
import FoundryModel
import Testing

@testable import FoundryCommandLine

@Suite("What the commands of services show")
struct ServicesViewTests {
    private static let now = Sample.time(200).timestamp

    @Test("the marketplace is a table of offerings")
    func marketplace() {
        let view = MarketplaceView([Sample.offering], [Sample.plan("small"), Sample.plan("large")])
        #expect(
            view.lines(on: .plain) == [
                "OFFERING    PLANS         VERSION  IS",
                "postgresql  small, large  15.1.0   PostgreSQL 15",
                "",
                "Its plans and parameters: foundry marketplace -e postgresql",
            ])
        #expect(MarketplaceView([], []).lines(on: .plain)[0].contains("foundry release install"))
    }

    @Test("an offering is shown with its plans, and with the bounds and defaults of its parameters")
    func offering() {
        let view = MarketplaceView(
            [Sample.offering], [Sample.plan("small", sets: ["max_connections": .integer(50)])])
        #expect(
            view.details(of: Sample.offering, on: .plain) == [
                "offering  postgresql",
                "is        PostgreSQL 15",
                "says      A relational database.",
                "version   15.1.0",
                "tags      postgresql, sql",
                "bindings  each with a user of its own",
                "TLS       yes",
                "",
                "Plans:",
                "PLAN   MEMBERS   MEMORY     CPU   DISK  SETS                IS",
                "small        1  256 MiB  1 core  1 GiB  max_connections=50  One server",
                "",
                "Parameters (-c) of an instance:",
                "PARAMETER        TAKES       DEFAULT  RESTARTS  IS",
                "max_connections  10 to 5000  100      yes       Clients at once",
                "",
                "Parameters (-c) of a binding or key:",
                "PARAMETER  TAKES                    DEFAULT     IS",
                "access     read-write or read-only  read-write  What it may do",
                "",
                "foundry create-service postgresql small NAME",
            ])
    }

    @Test("services are a table, with the apps that are bound, and upgrades")
    func services() {
        let instances = [
            Sample.instance(
                upgrade: "15.2.0", bindings: [Sample.binding("app", app: "shop"), Sample.binding("key", name: "me")]),
            Sample.instance("broken", state: "crashed", operation: "failed"),
        ]
        #expect(
            ServicesView(instances, now: Self.now).lines(on: .plain) == [
                "NAME       OFFERING    PLAN   STATE    BOUND APPS  LAST OPERATION    ADDRESS          VERSION           AGE",
                "orders-db  postgresql  small  running  shop        create succeeded  127.0.0.1:20001  15.1.0 (upgrade)   3m",
                "broken     postgresql  small  crashed  -           create failed     127.0.0.1:20001  15.1.0             3m",
            ])
    }

    @Test("a service is shown with its members' roles, its parameters and who is bound to it")
    func service() {
        let instance = Sample.instance(
            upgrade: "15.2.0",
            bindings: [
                Sample.binding("app", name: "reports", app: "shop"),
                Sample.binding("key", name: "me", retiresAt: Sample.time(500)),
            ])
        #expect(
            ServiceView(instance, now: Self.now).lines(on: .plain) == [
                "name       orders-db",
                "state      running",
                "offering   postgresql 15.1.0",
                "plan       small",
                "upgrade    15.2.0: foundry update-service orders-db --upgrade",
                "operation  create succeeded, 3m ago",
                "address    127.0.0.1:20001 -> 6379",
                "member     orders-db/0 healthy since 3m, primary, 10.77.3.2, pid 4711",
                "memory     256 MiB",
                "disk       1 GiB, 5 MiB used",
                "policy     consistent, disk sync immediate",
                "parameter  log = false (default)",
                "parameter  max_connections = 200",
                "binding    app shop as reports, bound",
                "binding    key me, bound, for 5m yet",
                "dashboard  https://127.0.0.1:8443/services/i1",
                "id         i1",
                "created    \(Sample.time(0)) by operator",
            ])
    }

    @Test("a new service is told with its size and its contract before it is made")
    func created() {
        #expect(
            ServicePlanView(Sample.plannedService("create")).lines(on: .plain) == [
                "orders-db will be made: postgresql 15.1.0, plan small",
                "  memory 256 MiB, cpu 1 core, disk 1 GiB, route 127.0.0.1:20001 -> 6379",
                "",
                "  - If its process ends, it is started again.",
                "",
            ])
        #expect(
            ServicePlanView(Sample.plannedService("create", members: 3)).lines(on: .plain)[1]
                .hasPrefix("  3 members, each with memory 256 MiB, cpu"))
    }

    @Test("a change is told with what becomes another, and whether it restarts")
    func changed() {
        let plan = Sample.plannedService(
            "update",
            changes: [
                PlannedChange(what: "memory", before: "256 MiB", after: "1 GiB", restarts: true),
                PlannedChange(what: "max_connections", before: nil, after: "200", restarts: true),
            ], sentences: [ContractLine(id: "x", text: "It may use 1 GiB.")], restarts: true)
        #expect(
            ServicePlanView(plan).lines(on: .plain) == [
                "orders-db will be changed; it is restarted for that, and goes back if it does not become healthy:",
                "  memory           256 MiB -> 1 GiB",
                "  max_connections  none -> 200",
                "",
                "From then on:",
                "  - It may use 1 GiB.",
                "",
            ])
        #expect(ServicePlanView(Sample.plannedService("none")).lines(on: .plain).isEmpty)
    }

    @Test("at the end it is said what to do next")
    func next() {
        let answer = ServiceWorkAnswer(plan: Sample.plannedService("create"), service: Sample.instance())
        #expect(
            answer.lines(on: .plain) == [
                "orders-db is ready: 127.0.0.1:20001", "",
                "Credentials of your own:  foundry create-service-key orders-db me",
                "For an app:               foundry bind-service APP orders-db",
            ])
        let begun = ServiceWorkAnswer(
            plan: Sample.plannedService("create"), service: Sample.instance(operation: "in progress"))
        #expect(begun.lines(on: .plain) == ["orders-db is being made: foundry service orders-db"])
        let same = ServiceWorkAnswer(plan: Sample.plannedService("none"), service: Sample.instance())
        #expect(same.lines(on: .plain) == ["orders-db is so already: 127.0.0.1:20001"])
    }

    @Test("a key's password is hidden in a table, wherever it stands, and shown when it is asked for")
    func key() {
        let credentials: [String: WireValue] = [
            "host": "127.0.0.1", "port": 20_001, "username": "bx1", "password": "s3cret",
            "uri": "postgresql://bx1:s3cret@127.0.0.1:20001/app", "jdbcUrl": "jdbc:postgresql://h/app?password=s3cret",
            "ca": "-----BEGIN CERTIFICATE-----\nAAAA\n",
        ]
        let hidden = ServiceKeyView(credentials, showsPassword: false).lines(on: .plain)
        #expect(!hidden.joined().contains("s3cret"))
        #expect(hidden.contains("port      20001") && hidden.contains("username  bx1"))
        #expect(hidden.contains("ca        PEM: --output json prints it"))
        #expect(hidden.last?.hasPrefix("--show-password") == true)
        let shown = ServiceKeyView(credentials, showsPassword: true).lines(on: .plain)
        #expect(shown.contains("password  s3cret") && !shown.contains { $0.hasPrefix("--show") })
    }

    @Test("a login without a field for its password is hidden, too")
    func login() {
        let lines = ServiceKeyView(["url": "amqps://a:b@h:1/v"], showsPassword: false).lines(on: .plain)
        #expect(lines[0] == "url  not shown")
    }

    @Test("keys are a table, with when those that were rotated end")
    func keys() {
        let keys = [Sample.binding("key", name: "me"), Sample.binding("key", name: "me", retiresAt: Sample.time(500))]
        #expect(
            ServiceKeysView(keys, of: "orders-db", now: Self.now).lines(on: .plain) == [
                "NAME  STATE  MADE    ENDS", "me    bound  3m ago  never", "me    bound  3m ago  in 5m",
            ])
    }

    @Test("the JSON of a key has the fields as the release names them")
    func json() throws {
        let text = try JSONText.line(ServiceKeyAnswer(credentials: ["jdbcUrl": "x", "port": 1]))
        #expect(text == #"{"credentials":{"jdbcUrl":"x","port":1}}"#)
    }
}
