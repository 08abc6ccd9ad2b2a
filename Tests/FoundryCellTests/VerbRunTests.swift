import FoundryEffects
import FoundryModel
import FoundryTestSupport
import Testing

@testable import FoundryCell

@Suite("A verb", .serialized, .enabled(if: isRoot, "needs root"))
struct VerbRunTests {
    private static let patient = "trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done"

    private static func order(
        _ ground: RuntimeGround, _ verb: String, environment: [String: String] = [:], input: String? = nil
    ) throws -> VerbOrder {
        VerbOrder(
            id: try #require(VerbID("v1")), member: ground.member, verb: verb, environment: environment,
            input: input.map { Secret($0) })
    }

    private static func verbs(_ ground: RuntimeGround) throws -> VerbRun {
        VerbRun(paths: ground.paths, cgroups: try CgroupTree())
    }

    /// A member with one verb of this script.
    private static func member(_ ground: RuntimeGround, _ script: String, named name: String = "bind") async throws {
        let order = try await ground.serviceOrder(
            patient, files: "{ cat >verbs/\(name) && chmod 755 verbs/\(name); } <<'VERB'\n#!/bin/sh\n\(script)\nVERB\n",
            verbs: [name])
        try await ground.startService(order)
    }

    @Test("runs as the member's user with its variables and the order's, and gets its secret as the first line alone")
    func runs() async throws {
        try await RuntimeGround.run { ground in
            try await Self.member(
                ground,
                """
                read -r password; read -r more && exit 9
                test "$(id -u)" = 1234 && test "$password" = \(RuntimeGround.secret) || exit 8
                test "$FOUNDRY_BINDING_USER$FOUNDRY_MAX_CONNECTIONS" = b150 || exit 7
                grep -q 'CapEff:.0000000000000000' /proc/self/status || exit 6
                tr '\\0' ' ' </proc/$$/cmdline | grep -q \(RuntimeGround.secret) && exit 5
                env | grep -q \(RuntimeGround.secret) && exit 4
                exit 0
                """)
            let order = try Self.order(
                ground, "bind", environment: ["FOUNDRY_BINDING_USER": "b1"], input: RuntimeGround.secret)
            try await Self.verbs(ground).run(order)
            let began = SystemClock.monotonic()
            for _ in 0..<5 { try await Self.verbs(ground).run(order) }
            print("measured: a verb takes \((SystemClock.monotonic() - began) / 5) ms")
            let places = MonitorPlaces(ground.paths, ground.member)
            for name in try HostFiles.names(in: places.directory) where HostFiles.size(of: places.file(name)) != nil {
                let text = try #require(ProcFile.read(places.file(name)))
                #expect(!text.contains(RuntimeGround.secret), "\(name)")
            }
        }
    }

    @Test("that outlived its cell is ended before the next one begins: what it would do would come after that")
    func overtaken() async throws {
        try await RuntimeGround.run { ground in
            try await Self.member(ground, "echo begun >>/tmp/verbs; sleep \"$FOUNDRY_PAUSE\"; echo done >>/tmp/verbs")
            let places = MonitorPlaces(ground.paths, ground.member)
            // As a cell that was killed leaves it: nobody waits for it.
            let processFile = places.file("left.json")
            var process = try #require(ContainerBundle.read(places)?.process)
            process.args = ["/bin/sh", "-c", "echo left >>/tmp/verbs; sleep 60; echo late >>/tmp/verbs"]
            try process.write(to: processFile)
            let left = try ChildProcess.start(
                .init(
                    program: try ProgramPath.require("runc"),
                    arguments: [
                        "--root", ground.paths.runc, "exec", "--process", processFile, ground.member.description,
                    ]
                ))
            try await eventually("it runs in the member") { ChildrenOfProcess.list(left.pid).count == 1 }
            let inside = try #require(ChildrenOfProcess.list(left.pid).first.flatMap { ProcessIdentity(living: $0) })
            let note = HungCommand(path: places.file("verb.hung"))
            try note.note([try #require(ProcessIdentity(living: left.pid))])
            try await Self.verbs(ground).run(try Self.order(ground, "bind", environment: ["FOUNDRY_PAUSE": "0"]))
            #expect(!inside.isAlive && HostFiles.size(of: note.path) == nil)
            _ = left.wait()

            async let running: Void = Self.verbs(ground).run(
                try Self.order(ground, "bind", environment: ["FOUNDRY_PAUSE": "2"]))
            try await eventually("runc and the verb are noted") {
                ProcFile.read(note.path)?.split(separator: "\n").count == 2
            }
            try await running
            #expect(HostFiles.size(of: note.path) == nil, "nothing is left of it")
        }
    }

    @Test("that fails says its last line, and never what it was given")
    func fails() async throws {
        try await RuntimeGround.run { ground in
            try await Self.member(
                ground,
                "read -r p; head -c 5000 /dev/zero | tr '\\0' x; echo; echo \"$p\"; echo \"ERROR: no $p here\"; exit 3")
            let order = try Self.order(ground, "bind", input: RuntimeGround.secret)
            let error = await #expect(throws: FoundryError.self) { try await Self.verbs(ground).run(order) }
            #expect(error?.code == .verbFailed)
            #expect(error?.message == "`bind` ended with exit code 3: ERROR: no (secret) here")
            #expect(error?.detail?.contains(RuntimeGround.secret) == false)
            #expect((error?.detail?.utf8.count ?? 0) <= VerbRun.keptBytes + 100)
            let none = await #expect(throws: FoundryError.self) {
                try await Self.verbs(ground).run(Self.order(ground, "none"))
            }
            #expect(none?.code == .verbFailed)
            await #expect(throws: FoundryError.self) {
                try await Self.verbs(ground).run(Self.order(ground, "../../bin/sh"))
            }
        }
    }

    @Test("What was given is withheld, also where the end that is kept begins within it")
    func withheld() {
        let secret = "0123456789"
        let shown = { (text: String) in String(decoding: VerbRun.withheld(Array(text.utf8), secret), as: UTF8.self) }
        #expect(shown("a \(secret) b\(secret)\(secret)") == "a (secret) b(secret)(secret)")
        #expect(shown("a 012345678") == "a 012345678")
        for cut in 1..<10 {
            let said = secret.dropFirst(cut) + String(repeating: "x", count: VerbRun.keptBytes + cut)
            let clean = shown(String(said))
            #expect(!clean.contains("9") && clean.hasSuffix("xxx"), "\(cut)")
        }
        let straddling = "xxxxx" + secret + String(repeating: "y", count: VerbRun.keptBytes)
        #expect(shown(straddling).hasPrefix("(secret)yyy"))
    }

    @Test("is killed at its limit with all that it began, and the next one runs")
    func limit() async throws {
        try await RuntimeGround.run { ground in
            try await Self.member(ground, "[ \"$QUICK\" ] && exit 0; sleep 1000 & sleep 1001")
            let error = await #expect(throws: FoundryError.self) {
                try await Self.verbs(ground).run(
                    Self.order(ground, "bind"), limitMilliseconds: Patience.milliseconds(1_000))
            }
            #expect(error?.code == .timedOut)
            try await Self.verbs(ground).run(Self.order(ground, "bind", environment: ["QUICK": "1"]))
        }
    }

    @Test("waits while the platform holds its member, and says so when that takes too long")
    func held() async throws {
        try await RuntimeGround.run { ground in
            try await Self.member(ground, "exit 0")
            try await ground.runtime.hold(ground.member)
            let error = await #expect(throws: FoundryError.self) {
                try await Self.verbs(ground).run(Self.order(ground, "bind"), limitMilliseconds: 300)
            }
            #expect(error?.code == .verbFailed)
            let waiting = Task { try await Self.verbs(ground).run(Self.order(ground, "bind")) }
            try await ground.runtime.release(ground.member)
            try await waiting.value
        }
    }

    @Test("A role is one word; anything else is none")
    func roles() async throws {
        try await RuntimeGround.run { ground in
            try await Self.member(ground, "echo noise >&2; cat /tmp/role", named: "role")
            let say = { (text: String) async throws -> String? in
                let record = try #require(ContainerRecord.read(MonitorPlaces(ground.paths, ground.member)))
                try await Command().run(
                    "sh", ["-c", "printf '%s' '\(text)' >/proc/\(record.process.pid)/root/tmp/role"])
                return try await Self.verbs(ground).role(of: ground.member, verb: "role")
            }
            #expect(try await say("leader\n") == "leader")
            #expect(try await say("") == nil)
            #expect(try await say("a leader") == nil)
            #expect(try await say(String(repeating: "x", count: 40)) == nil)
        }
    }
}
