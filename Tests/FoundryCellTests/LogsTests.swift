import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryCell

@Suite("A member's log", .serialized, .enabled(if: isRoot, "needs root"))
struct LogsTests {
    @Test("loses no line and no order over many rotations, and stays within three files")
    func rotation() async throws {
        try await RuntimeGround.run { ground in
            // 100 bytes a line, 2 MB in all: the limit of a file is 200 kB here.
            let logs = MemberLogs(paths: ground.paths, limit: ByteCount(bytes: 200_000))
            let script = """
                i=0; while [ $i -lt 12000 ]; do i=$((i+1)); echo "line $i ........................................."
                [ $((i % 200)) -ne 0 ] || sleep 0.03; done; echo last
                """
            try await ground.create(ground.order(script))
            let follower = try logs.follow(ground.member)
            try await ground.runtime.start(ground.member)
            async let followed = Deadline.run(.seconds(60)) {
                var lines: [String] = []
                for await line in follower {
                    if line.text == "last" { break }
                    lines.append(line.text)
                }
                return lines
            }
            var rotations = 0
            while try await ground.isRunning() {
                rotations += try logs.rotateAll().count
                try await SystemClock.sleep(.milliseconds(20))
            }
            #expect(rotations >= 3, "\(rotations)")
            let numbers = try await followed.compactMap { Int($0.split(separator: " ")[1]) }
            #expect(numbers == Array(1...12_000), "a follower sees every line once, in order")

            let kept = try logs.tail(ground.member, lines: 10_000).map(\.text)
            let tail = kept.dropLast().compactMap { Int($0.split(separator: " ")[1]) }
            #expect(kept.last == "last")
            #expect(tail == Array(((tail.first ?? 0))...12_000), "what is kept has no gap")
            #expect(tail.count > 3_000)
            let files = try HostFiles.names(in: ground.paths.member(ground.member)).filter { $0.hasPrefix("log") }
            #expect(files == ["log", "log.1", "log.2"])
            let sizes = files.compactMap { HostFiles.size(of: "\(ground.paths.member(ground.member))/\($0)")?.bytes }
            #expect(sizes.allSatisfy { $0 < 400_000 }, "\(sizes)")
        }
    }

    @Test("is bounded when nobody rotates it, too")
    func flood() async throws {
        try await RuntimeGround.run { ground in
            let order = try await ground.order(
                "yes 0123456789012345678901234567890123456789 | head -n 200000; echo last")
            let (_, lines) = try await ground.result(order)
            #expect(lines.last == "last")
            // The limit of the ground is 1 MB; conmon's own is twice that.
            let size = try #require(HostFiles.size(of: ground.paths.memberLog(ground.member)))
            #expect(size <= .megabytes(2))
        }
    }

    @Test("goes on after a rotation that was cut short")
    func cutShort() async throws {
        try await RuntimeGround.run { ground in
            try await ground.create(ground.order("i=0; while :; do i=$((i+1)); echo line $i; sleep 0.02; done"))
            try await ground.runtime.start(ground.member)
            try await ground.line("line 3")
            let log = ground.paths.memberLog(ground.member)
            try await Command().run("mv", [log, "\(log).1"])
            try ground.logs.rotateAll()
            try await SystemClock.sleep(.milliseconds(300))
            #expect(HostFiles.exists(log))
            let lines = try ground.logs.tail(ground.member, lines: 1_000).map(\.text)
            #expect(lines == (1...lines.count).map { "line \($0)" })
        }
    }

    @Test("has a member's streams and its long lines whole")
    func formats() async throws {
        try await RuntimeGround.run { ground in
            let order = try await ground.order(
                "echo out; echo err >&2; head -c 30000 /dev/zero | tr '\\0' x; echo; echo; printf unfinished")
            _ = try await ground.result(order)
            let lines = try ground.logs.tail(ground.member, lines: 100)
            #expect(lines.first { $0.text == "err" }?.stream == .standardError)
            #expect(lines.first { $0.text == "out" }?.stream == .standardOutput)
            #expect(lines.contains { $0.text == String(repeating: "x", count: 30_000) })
            #expect(lines.contains { $0.text == "" })
            #expect(lines.last?.text == "unfinished")
            #expect(lines.allSatisfy { abs(SystemClock.timestamp() - $0.time) < 10_000 })
        }
    }

    @Test("is read across pieces, joins parts, and passes over what is no line")
    func parsing() {
        let text = """
            2026-11-21T01:37:55.608867258+00:00 stdout P one 
            2026-11-21T01:37:55.608867258+00:00 stderr F other
            2026-11-21T03:37:55.700000000+02:00 stdout F two
            nonsense
            2026-11-21T01:37:56Z stdout F 

            """
        for size in [1, 7, 64, 4096] {
            var reader = LogLineReader()
            var rest = Array(text.utf8)[...]
            var lines: [LogLine] = []
            while !rest.isEmpty {
                lines += reader.read(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            #expect(lines.map(\.text) == ["other", "one two", ""])
            #expect(
                lines.map(\.time.millisecondsSince1970) == [1_795_225_075_608, 1_795_225_075_700, 1_795_225_076_000])
            #expect(lines[1].time.description == "2026-11-21T01:37:55Z")
        }
    }

    @Test("tells its last lines, however many files they lie in")
    func tails() async throws {
        try await RuntimeGround.run { ground in
            let log = ground.paths.memberLog(ground.member)
            let script = """
                mkdir -p \(ground.paths.member(ground.member)); i=0
                for file in \(log).2 \(log).1 \(log); do for n in $(seq 1000); do i=$((i+1))
                echo "2026-11-21T01:37:55.6+00:00 stdout F $i"; done >$file; done
                """
            try await Command().run("sh", ["-c", script])
            for count in [0, 1, 999, 1000, 1001, 2500, 3000, 9000] {
                let expected = (1...3000).suffix(count).map(String.init)
                #expect(try ground.logs.tail(ground.member, lines: count).map(\.text) == expected)
            }
            #expect(try ground.logs.tail(try #require(MemberID("absent")), lines: 5).isEmpty)
        }
    }
}
