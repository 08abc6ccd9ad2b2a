import Foundation
import FoundryModel
import Testing

@testable import FoundryReleases

@Suite("Reading a release")
struct ReleaseReaderTests {
    @Test("A release without mistakes becomes its manifest")
    func whole() throws {
        let manifest = try ReleaseBench().read().checked().manifest
        #expect(manifest.name.description == "store" && manifest.version.description == "1.0.0")
        #expect(manifest.image == .local("redis:7") && manifest.port == 6379 && manifest.data == "/data")
        #expect(manifest.secrets == ["admin_password"] && manifest.values == ["database": "app"])
        #expect(
            manifest.health
                == ReleaseCheck(
                    .verb("alive"), startPeriodMilliseconds: 60_000, intervalMilliseconds: 10_000,
                    timeoutMilliseconds: 5_000))
        #expect(manifest.readiness == nil && manifest.cluster == nil && !manifest.tls)
        let plan = try #require(manifest.plan(named: "small"))
        #expect(plan.memory == .megabytes(256) && plan.disk == .gigabytes(1) && plan.cpu == Millicores(1000))
        #expect(plan.policy == ReleasePolicy(diskSync: "defer:500") && plan.parameters == ["max_clients": .integer(50)])
        #expect(manifest.parameters.map(\.name) == ["max_clients", "mode"])
        #expect(manifest.parameters.first?.kind == .integer(minimum: 10, maximum: 5000))
        #expect(manifest.parameters.last?.defaultValue == .text("safe"))
        #expect(manifest.binding.hasUsers && manifest.binding.credentials.count == 3)
        #expect(manifest.verbs == ["alive", "bind", "start", "unbind"])
        #expect(manifest.templates == [ReleaseTemplate(path: "store.conf", isExecutable: false)])
    }

    @Test(
        "Each mistake is told with its line",
        arguments: [
            ("disk: 1G", "disk: 1X", "release.yml:17: plans.small.disk: '1X' is not a size; 512M, 2G"),
            (
                "disk: 1G", "disk: 1M",
                "release.yml:17: plans.small.disk: 1 MiB is outside the limits of a disk, 16 MiB to 16 TiB"
            ),
            ("    cpu: 1\n", "", "release.yml:13: plans.small.cpu is missing"),
            ("title: Store", "titel: Store", "release.yml:4: titel is not known; did you mean title?"),
            ("port: 6379", "port: 65536", "release.yml:7: port: 65536 is outside its limits, 1 to 65535"),
            ("port: 6379", "port: \"6379\"", "release.yml:7: port: '6379' is not a whole number"),
            ("name: store", "name: Store_1", "release.yml:2: name: 'Store_1' is not a name; postgresql"),
            ("version: 1.0.0", "version: 1.0", "release.yml:3: version: '1.0' is not a version; 1.0.0"),
            ("data: /data", "data: /etc", "release.yml:8: data: /etc belongs to the system inside the member."),
            ("verb: alive", "verb: alife", "release.yml:11: health.verb: there is no verbs/alife; did you mean alive?"),
            (
                "interval: 10s", "interval: 1ms",
                "release.yml:11: health.interval: 1ms is outside its limits, 100 to 3600000 ms"
            ),
            (
                "{verb: alive,", "{verb: alive, port: true,",
                "release.yml:11: health: exactly one of verb, protocol, port, process is expected; there are verb and port"
            ),
            (
                "{local: \"redis:7\"}", "{}",
                "release.yml:6: image: exactly one of local, reference, packages, archive is expected; none is there"
            ),
            (
                "{local: \"redis:7\"}", "{reference: \"a.example/b:1\"}",
                "release.yml:6: image.reference: 'a.example/b:1' is not an image of a registry by its digest; registry.example/team/name@sha256:..."
            ),
            ("{local: \"redis:7\"}", "{packages: image}", "release.yml:6: image.packages: image/image.json is missing"),
            (
                "max_clients: 50", "max_clients: 5",
                "release.yml:19: plans.small.parameters.max_clients is 5; it has to be 10 to 5000"
            ),
            (
                "max_clients: 50", "max_client: 50",
                "release.yml:19: plans.small.parameters.max_client: the release has no such parameter; did you mean max_clients?"
            ),
            ("default: 100", "default: many", "release.yml:21: parameters.max_clients.default is not a whole number"),
            (
                "default: safe", "default: slow",
                "release.yml:22: parameters.mode.default is 'slow'; it has to be one of fast, safe"
            ),
            (
                "minimum: 10", "minimum: 6000",
                "release.yml:21: parameters.max_clients: its minimum is above its maximum"
            ),
            ("database: app", "plan: app", "release.yml:10: values: 'plan' is a name of the platform; choose another"),
            ("database: app", "database: app, mode: x", "release.yml:10: values: 'mode' is in parameters, too"),
            ("[admin_password]", "[admin_password, database]", "release.yml:9: secrets: 'database' is in values, too"),
            (
                "defer:500", "defer:5",
                "release.yml:18: plans.small.policy.disk-sync: 'defer:5' is not a way to sync; immediate, normal, defer, defer:500"
            ),
            (
                "{disk-sync: \"defer:500\"}", "{when-lost: empty}",
                "release.yml:18: plans.small.policy: --when-lost empty begins anew without the data, which a consistent app never does."
            ),
            (
                "    disk: 1G\n", "    disk: 1G\n    members: 3\n",
                "release.yml:18: plans.small.members: more than one needs `cluster`"
            ),
            ("data: /data\n", "", "release.yml:16: plans.small.disk needs `data`, which says where it is mounted"),
            ("    disk: 1G\n", "", "release.yml:13: plans.small.disk is missing: `data` says that there is a disk"),
            (
                "{{database}}", "{{databse}}",
                "release.yml:26: binding.credentials.uri: there is no {{databse}} here; did you mean {{database}}?"
            ),
            ("{{access}}", "{{#access}}", "release.yml:28: binding.credentials.access: {{#access}} is not closed"),
            (
                "{{access}}", "{{member_index}}",
                "release.yml:28: binding.credentials.access: there is no {{member_index}} here"
            ),
            (
                "[admin_password]", "[root_password]",
                "templates/store.conf:5: there is no {{secrets.admin_password}} here; did you mean {{secrets.root_password}}?"
            ),
            (
                "title: Store", "title: *store",
                "release.yml:1: aliases (*name) are not known here; write the values out"
            ),
            (
                "title: Store", "title: {a: {b: {c: [[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]}}}",
                "release.yml:1: it is nested too deep"
            ),
            ("format: 1", "format: 2", "release.yml:1: format: 2 is outside its limits, 1 to 1"),
        ])
    func mistakes(old: String, new: String, message: String) throws {
        let found = try ReleaseBench.mistakes(old, with: new)
        #expect(found.contains(message), "\(found)")
    }

    @Test("Every mistake is told at once, sorted by file and line")
    func several() throws {
        let bench = try ReleaseBench(
            ReleaseBench.yaml.replacingOccurrences(of: "disk: 1G", with: "disk: 1X")
                .replacingOccurrences(of: "port: 6379", with: "port: none")
                .replacingOccurrences(of: "default: 100", with: "default: 1"))
        try bench.write("templates/b.conf", "\n{{nobody}}\n{{peers}}")
        try bench.write("verbs/start", "exit 0\n")
        let finding = try bench.read()
        #expect(finding.manifest == nil)
        #expect(
            finding.mistakes.map(\.description) == [
                "release.yml:7: port: 'none' is not a whole number",
                "release.yml:17: plans.small.disk: '1X' is not a size; 512M, 2G",
                "release.yml:21: parameters.max_clients.default is 1; it has to be 10 to 5000",
                "templates/b.conf:2: there is no {{nobody}} here",
                "templates/b.conf:3: {{peers}} is a list; write {{#peers}}...{{/peers}}",
                "verbs/start: is not executable; chmod +x verbs/start",
                "verbs/start:1: begins neither with #! nor as a program of Linux",
            ])
        #expect(throws: FoundryError.self) { try finding.checked() }
    }

    @Test("Users need both verbs, and a name of a binding is for bindings only")
    func users() throws {
        let bench = try ReleaseBench()
        try FileManager.default.removeItem(atPath: bench.directory + "/verbs/unbind")
        #expect(
            try bench.read().mistakes.map(\.description) == ["release.yml:23: binding.users: there is no verbs/unbind"])
        try FileManager.default.removeItem(atPath: bench.directory + "/verbs/bind")
        #expect(
            try bench.read().mistakes.map(\.message) == [
                "binding.parameters need verbs/bind, which gets them",
                "binding.credentials.uri: there is no {{password}} here",
                "binding.credentials.uri: there is no {{user}} here",
            ])
    }

    @Test("Links, strange names, strays and what is too large are refused")
    func files() throws {
        let bench = try ReleaseBench()
        try FileManager.default.createSymbolicLink(
            atPath: bench.directory + "/templates/link", withDestinationPath: "/etc/passwd")
        try bench.write("templates/ü.conf", "a")
        try bench.write("template/a.conf", "a")
        try bench.write("notes.txt", "a")
        try bench.write("README.md", "a")
        try bench.write("drill/write", "#!/bin/sh\n")
        try bench.write("templates/large", [UInt8](repeating: 65, count: (64 << 10) + 1))
        try bench.write("verbs/Start", "#!/bin/sh\r\n", mode: 0o755)
        #expect(mkfifo(bench.directory + "/verbs/pipe", 0o600) == 0)
        #expect(
            try bench.read().mistakes.map(\.description) == [
                "drill/read: is missing", "drill/write: is not executable; chmod +x drill/write",
                "notes.txt: is no part of a release; known: release.yml, README.md, LICENSE, verbs/, templates/, drill/",
                "template/a.conf: is no part of a release; did you mean templates?",
                "templates/large: has 65537 bytes; at most 65536 are taken",
                "templates/link: is a link; a release has plain files only",
                "templates/ü.conf: its name is not plain: letters, digits, . _ - and at most 8 levels",
                "verbs/Start: is not a verb's name: a-z, 0-9 and hyphens, beginning with a letter",
                "verbs/Start:1: has line ends of Windows; its interpreter is not found",
                "verbs/pipe: is no plain file",
            ])
    }

    @Test("What is no release at all is told in one line", arguments: ["", "[]", "a: [", "\u{0}", "- - - - a", "~"])
    func nonsense(text: String) throws {
        let finding = try ReleaseBench(text).read()
        #expect(!finding.mistakes.isEmpty && finding.manifest == nil)
    }
}
