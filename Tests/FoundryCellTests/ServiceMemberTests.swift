import FoundryEffects
import FoundryModel
import FoundryTestSupport
import Glibc
import Testing

@testable import FoundryCell

@Suite("A member of an instance", .serialized, .enabled(if: isRoot, "needs root"))
struct ServiceMemberTests {
    private static let patient = "trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done"

    @Test(
        "has its configuration rendered, its secrets and its certificate, and nobody else may read them or write to them"
    )
    func files() async throws {
        try await RuntimeGround.run { ground in
            let script = """
                cat /foundry/config/app.conf; cat /foundry/config/sub/run.sh
                for f in config config/app.conf config/sub/run.sh secrets secrets/admin_password tls tls/tls.key; do
                    echo "$f $(stat -c '%a %u' /foundry/$f)"
                done
                cat /foundry/secrets/admin_password /foundry/tls/ca.crt /foundry/tls/tls.crt /foundry/tls/tls.key; echo
                touch /foundry/config/new 2>/dev/null || echo no writing
                grep -E ' /foundry/(config|secrets|tls) ' /proc/self/mounts | sed 's/ tmpfs / /' |
                    while read -r a b c d; do case $c in ro,nosuid,nodev*) echo "$b is apart";; *) echo "$b $c";; esac; done
                """
            let order = try await ground.serviceOrder(
                script,
                files: """
                    mkdir templates/sub && printf 'max={{max_connections}} {{secrets.admin_password}} {{member_name}}\\n' >templates/app.conf &&
                    printf '{{#journal}}journal{{/journal}}{{#peers}} {{address}}{{/peers}}\\n' >templates/sub/run.sh
                    """,
                templates: [
                    ReleaseTemplate(path: "app.conf", isExecutable: false),
                    ReleaseTemplate(path: "sub/run.sh", isExecutable: true),
                ])
            try await ground.createService(order)
            let places = MonitorPlaces(ground.paths, ground.member)
            let specification = try #require(ProcFile.read(places.configuration))
            #expect(!specification.contains(RuntimeGround.secret), "the bundle names no secret")
            let mounts = try MountTable.read().entries.filter { $0.target == places.file("private") }
            #expect(mounts.map(\.type) == ["tmpfs"])
            try await ground.runtime.start(ground.member)
            _ = try await ground.end()
            let lines = try ground.logs.tail(ground.member, lines: 100).map(\.text)
            #expect(
                lines == [
                    "max=50 \(RuntimeGround.secret) demo-0", "journal 10.99.1.7 10.99.1.9", "config 500 1234",
                    "config/app.conf 400 1234", "config/sub/run.sh 500 1234", "secrets 500 1234",
                    "secrets/admin_password 400 1234", "tls 500 1234", "tls/tls.key 400 1234",
                    "\(RuntimeGround.secret)the CAthe certificatethe key of \(RuntimeGround.secret)", "no writing",
                    "/foundry/config is apart", "/foundry/secrets is apart", "/foundry/tls is apart",
                ])
            try await ground.runtime.delete(ground.member)
            #expect(try !MountTable.read().entries.contains { $0.target == places.file("private") })
            #expect(!HostFiles.exists(places.directory))
        }
    }

    @Test("knows its values by its environment, and its peers by name; new peers while it runs, in the same file")
    func names() async throws {
        try await RuntimeGround.run { ground in
            var order = try await ground.serviceOrder(
                "env | grep FOUNDRY_ | sort; cat /etc/hosts; exec 3</etc/hosts; echo ready; while ! grep -q db-2 /etc/hosts; do sleep 0.05; done; cat /etc/hosts; [ \"$(stat -c %i /etc/hosts)\" = \"$(stat -L -c %i /proc/self/fd/3)\" ] && echo same; echo done",
                environment: ["FOUNDRY_JOURNAL": "the user's"])
            try await ground.startService(order)
            order.service?.peers = ground.peers(["orders-db-0": 7, "orders-db-2": 11])
            try await ground.runtime.writeHosts(order)
            _ = try await ground.end()
            let lines = try ground.logs.tail(ground.member, lines: 100).map(\.text)
            let hosts = ["127.0.0.1 localhost", "::1 localhost", "10.99.1.7 demo-0"]
            #expect(
                lines == [
                    "FOUNDRY_DATA=/data", "FOUNDRY_FOUNDED=true", "FOUNDRY_JOURNAL=true", "FOUNDRY_MAX_CONNECTIONS=50",
                    "FOUNDRY_MEMBER_ADDRESS=10.99.1.7", "FOUNDRY_MEMBER_INDEX=0", "FOUNDRY_MEMBER_NAME=demo-0",
                    "FOUNDRY_PEERS=0=orders-db-0=10.99.1.7 1=orders-db-1=10.99.1.9", "FOUNDRY_TLS=true",
                    "FOUNDRY_TLS_CA=the CA",
                ] + hosts + ["10.99.1.9 orders-db-1", "ready"] + hosts + ["10.99.1.11 orders-db-2", "same", "done"])
        }
    }

    @Test("An image cannot have us read what is not its own, whatever lies at its templates")
    func hostile() async throws {
        let outside = "/var/tmp/foundry-outside-\(getpid())"
        try await Command().run("sh", ["-c", "echo outside >\(outside)"])
        defer { unlink(outside) }
        try await RuntimeGround.run { ground in
            let hostile = [
                "ln -s \(outside) templates/t", "ln -s ../../../../../../../../..\(outside) templates/t",
                "rmdir templates && ln -s /var/tmp templates", "mkfifo templates/t", "mkdir templates/t", "true",
                "head -c 70000 /dev/zero >templates/t",
            ]
            for files in hostile {
                let order = try await ground.serviceOrder(
                    "true", files: files, templates: [ReleaseTemplate(path: "t", isExecutable: false)])
                try await ground.images.unpack(order.spec.image)
                let error = #expect(throws: FoundryError.self, "\(files)") { try ground.extras(order) }
                #expect(error?.code == .releaseInvalid, "\(files): \(String(describing: error))")
            }
        }
    }

    @Test("Files of ours cannot be led elsewhere by their names, nor by links of the image")
    func paths() async throws {
        try await RuntimeGround.run { ground in
            var order = try await ground.order("cat /bindings/orders-db/username; ls -ld /bindings | cut -c1-10")
            order.bindings = BoundServicesOrder(
                environment: [:], files: ["../../escaped": Secret("x")], routes: [])
            await #expect(throws: FoundryError.self) { try await ground.createService(order) }
            #expect(!HostFiles.exists("\(MonitorPlaces(ground.paths, ground.member).directory)/escaped"))
            let target = "\(ground.paths.data)/target"
            try HostFiles.makeDirectory(target)
            let linked = try await ground.serviceOrder(
                "cat /foundry/secrets/admin_password; echo; echo done",
                files: "cd .. && rm -rf foundry && ln -s \(target) foundry")
            try await ground.createService(linked)
            try await ground.runtime.start(ground.member)
            _ = try await ground.end()
            #expect(try ground.logs.tail(ground.member, lines: 1).map(\.text) == ["done"])
            #expect(try HostFiles.names(in: target).isEmpty, "the link leads nowhere outside")
        }
    }

    @Test("An app that is bound has the bindings' variables, which win, their files, and the names of its routes")
    func bound() async throws {
        try await RuntimeGround.run { ground in
            var order = try await ground.order(
                "echo $VCAP_SERVICES; cat $SERVICE_BINDING_ROOT/orders-db/password; echo; stat -c '%a %u' /bindings/orders-db/password; grep orders /etc/hosts",
                environment: ["VCAP_SERVICES": "the user's"], user: "worker")
            order.bindings = BoundServicesOrder(
                environment: ["VCAP_SERVICES": Secret("{}"), "SERVICE_BINDING_ROOT": Secret("/bindings")],
                files: ["orders-db/password": Secret(RuntimeGround.secret)],
                routes: [BoundRoute(name: "orders-db", port: 20_000)])
            try await ground.createService(order)
            try await ground.runtime.start(ground.member)
            _ = try await ground.end()
            #expect(
                try ground.logs.tail(ground.member, lines: 10).map(\.text) == [
                    "{}", RuntimeGround.secret, "400 1234", "10.99.1.1 orders-db",
                ])
        }
    }

    @Test("leaves no core, whatever the machine does with cores")
    func core() async throws {
        try await RuntimeGround.run { ground in
            try await ground.startService(try await ground.serviceOrder(Self.patient))
            let record = try #require(ContainerRecord.read(MonitorPlaces(ground.paths, ground.member)))
            let limits = try #require(ProcFile.read("/proc/\(record.process.pid)/limits"))
            let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
            #expect(core?.split(whereSeparator: \.isWhitespace).dropFirst(4).prefix(2) == ["1", "1"])
        }
    }
}
