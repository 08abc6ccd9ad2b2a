import FoundryClient
import FoundryModel
import Testing

@testable import FoundryCommandLine

@Suite("What commands show")
struct ViewsTests {
    private let now = Sample.time(200).timestamp

    @Test("apps are a table")
    func apps() {
        let lines = AppsView([Sample.app(), Sample.app("longer-name", state: "crashed", route: nil)], now: now).lines(
            on: .plain)
        #expect(
            lines == [
                "NAME         STATE    IMAGE    ADDRESS           MEMORY     DISK  RESTARTS  AGE",
                "demo         running  redis:7  127.0.0.1:20000  256 MiB  100 MiB         0   3m",
                "longer-name  crashed  redis:7  -                256 MiB  100 MiB         0   3m",
            ])
        #expect(AppsView([], now: now).lines(on: .plain) == ["No apps. `foundry push redis` makes one."])
    }

    @Test("one app is told with its member, its last end and its disk")
    func app() {
        let end = MemberExitSummary(
            time: Sample.time(100), reason: "exited with status 1", status: 1, lastLines: ["bye"])
        let lines = AppView(Sample.app(members: [Sample.member(restarts: 2, lastExit: end)]), now: now).lines(
            on: .plain)
        #expect(lines.contains("member     demo/0 healthy since 3m, 10.77.3.2, pid 4711, 2 restarts"))
        #expect(lines.contains("last end   exited with status 1, 100s ago"))
        #expect(lines.contains("disk       100 MiB at /data, 5 MiB used"))
        #expect(lines.contains("image      redis:7 (bundled), as redis/redis"))
        #expect(!lines.contains { $0.hasPrefix("change") })
        var changing = Sample.app()
        changing.change = "is being changed"
        #expect(AppView(changing, now: now).lines(on: .plain).contains("change     is being changed"))
    }

    @Test("aliases are shown with what they mean, and whether it is here")
    func images() {
        let image = ImageSummary(
            name: "redis:7", source: "bundled", engine: "Redis", version: "7.0.15", digest: "sha256:0123456789abcdef",
            size: 5 << 20, ports: [6379],
            volumes: ["/data"])
        let aliases = [
            AliasSummary(
                alias: "redis/redis", name: "redis:7", isPresent: true, engine: "Redis", version: "7.0.15"),
            AliasSummary(alias: "mysql", name: "mariadb", isPresent: false),
        ]
        let lines = ImagesView([image], aliases: aliases).lines(on: .plain)
        #expect(
            lines.suffix(2) == [
                "redis/redis -> redis:7 (bundled, Redis 7.0.15)", "mysql       -> mariadb (not here)",
            ])
        #expect(lines[1] == "redis:7  bundled  Redis 7.0.15  5 MiB  6379   /data          0123456789ab")
    }

    @Test("a kept volume says when it is purged")
    func volumes() {
        let lines = VolumesView([Sample.volume("kept", keptUntil: Sample.time(200 + 6 * 86_400))], now: now).lines(
            on: .plain)
        #expect(lines[1].hasSuffix("no app has it; purged in 6d"))
    }

    @Test("a deleted app's line says what became of its data")
    func deleted() {
        let kept = DeleteAnswer(
            app: "a1", name: "demo", isGone: true, volumes: [Sample.volume("kept", keptUntil: Sample.time(0))])
        #expect(
            kept.lines(had: [Sample.volume()])
                == ["demo is deleted. Its volume of 100 MiB is kept until \(Sample.begin): foundry volumes"])
        let purged = DeleteAnswer(app: "a1", name: "demo", isGone: true, volumes: [])
        #expect(purged.lines(had: [Sample.volume()]) == ["demo is deleted, and its volume of 100 MiB with it."])
        #expect(purged.lines(had: []) == ["demo is deleted."])
    }

    @Test("a password is shown only when it was asked for, in both formats")
    func password() throws {
        let credentials = CredentialsAnswer(user: "u", password: "s3cret", dbname: "d", host: "127.0.0.1", port: 20_000)
        let hidden = CredentialsView(credentials, showsPassword: false)
        #expect(!hidden.lines(on: .plain).joined().contains("s3cret"))
        #expect(try !JSONText.document(hidden.answer).contains("s3cret"))
        let shown = CredentialsView(credentials, showsPassword: true)
        #expect(shown.lines(on: .plain).contains("password  s3cret"))
    }

    @Test("a log goes to a pipe as it was written, and to a terminal without its commands")
    func logs() {
        let line = Sample.logLine("a\t\u{1b}[31mred\u{1b}[0m\u{7}", at: 0)
        #expect(LogView(on: .plain, showsTimes: false).line(line) == line.text)
        let terminal = Terminal(isInteractive: true, hasColour: false, width: 80)
        #expect(LogView(on: terminal, showsTimes: false).line(line) == "a\tred?")
        #expect(LogView(on: .plain, showsTimes: true).line(line).hasPrefix("\(Sample.time(0))  "))
        #expect(
            LogView(on: .plain, showsTimes: false).line(Sample.logLine("was stopped", at: 0, stream: "platform"))
                == "-- demo/0 was stopped")
    }
}
