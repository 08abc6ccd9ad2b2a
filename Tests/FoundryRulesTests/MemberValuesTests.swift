import FoundryModel
import FoundryRules
import Testing

@Suite("What a member of an instance knows")
struct MemberValuesTests {
    private static func order(_ service: ServiceOrder?) -> MemberOrder {
        var order = CellBench.orders(1, hasVolume: false).members[0]
        order.id = MemberID("m3")!
        order.name = "orders-db/1"
        order.slot = 3
        order.spec.service = ServiceSamples.spec(
            values: ["max_connections": "50", "journal": "false", "fsync": "true", "database": "app"],
            cluster: ReleaseCluster(start: .together), data: "/var/lib/db")
        order.service = service
        return order
    }

    private static func service(tls: ServiceCertificate? = nil) -> ServiceOrder {
        ServiceOrder(
            secrets: ServiceSecrets(named: ["admin": Secret("hush")], tls: tls), isFounded: true,
            peers: ServiceSamples.peers([2, 3]))
    }

    private static func values(_ service: ServiceOrder? = service()) throws -> MemberValues {
        try #require(try MemberValues(order(service), subnet: "10.77.3", hostname: "orders-db-1"))
    }

    @Test("The environment has every name in capitals, and nothing that is secret")
    func environment() throws {
        #expect(
            try Self.values().environment == [
                "FOUNDRY_MAX_CONNECTIONS": "50", "FOUNDRY_JOURNAL": "false", "FOUNDRY_FSYNC": "true",
                "FOUNDRY_DATABASE": "app", "FOUNDRY_MEMBER_INDEX": "1", "FOUNDRY_MEMBER_NAME": "orders-db-1",
                "FOUNDRY_MEMBER_ADDRESS": "10.77.3.3", "FOUNDRY_FOUNDED": "true", "FOUNDRY_TLS": "false",
                "FOUNDRY_TLS_CA": "", "FOUNDRY_DATA": "/var/lib/db",
                "FOUNDRY_PEERS": "0=orders-db-0=10.77.3.2 1=orders-db-1=10.77.3.3",
            ])
    }

    @Test("Templates know them too, booleans as sections, the peers as a list, and secrets by name")
    func templates() throws {
        let text = """
            {{database}} {{max_connections}} {{fsync}}{{#journal}} journalled{{/journal}}{{#fsync}} synced{{/fsync}}
            {{#peers}}{{name}}={{address}}{{#is_self}}*{{/is_self}}{{^is_last}},{{/is_last}}{{/peers}}
            {{secrets.admin}} {{member_index}}{{^tls}} plain{{/tls}}{{#founded}} founded{{/founded}}
            """
        let rendered = try Template(text, name: "t").render(Self.values().templates)
        #expect(
            rendered == """
                app 50 true synced
                orders-db-0=10.77.3.2,orders-db-1=10.77.3.3*
                hush 1 plain founded
                """)
        let tls = ServiceCertificate(
            authority: "CA", certificate: "C", key: Secret("K"), expiresAt: Samples.start)
        let values = try Self.values(Self.service(tls: tls))
        #expect(try Template("{{tls_ca}}{{#tls}}!{{/tls}}", name: "t").render(values.templates) == "CA!")
        #expect(values.environment["FOUNDRY_TLS"] == "true")
    }

    @Test("A member of an instance without what belongs to it must not begin; an app's has no such values")
    func without() throws {
        #expect(throws: FoundryError.self) { try Self.values(nil) }
        let app = CellBench.orders(1).members[0]
        #expect(try MemberValues(app, subnet: "10.77.3", hostname: "demo-0")?.peers == nil)
    }
}
