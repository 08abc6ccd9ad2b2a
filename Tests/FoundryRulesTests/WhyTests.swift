import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Why it is as it is")
struct WhyTests {
    private static let moment = "2023-11-14T22:13:20Z"

    private static func lines(_ bench: ControllerBench) -> [WhyLine] {
        guard let app = bench.view.apps.values.first?.value else { return [] }
        return Why.explain(app.id, view: bench.view, router: bench.machine.routerReport)
    }

    private static func pushed(disk: String? = "100M") throws -> ControllerBench {
        var bench = ControllerBench()
        _ = try bench.push(
            PushRequest(name: "demo", image: "redis", disk: disk),
            image: Samples.image(volumes: disk == nil ? [] : ["/data"]))
        return bench
    }

    private static func member(_ bench: ControllerBench) -> WhyLine? { lines(bench).first { $0.subject == "demo/0" } }

    @Test("Of an app that is none nothing is said")
    func nothing() {
        #expect(Why.explain(AppID("none")!, view: Samples.view(), router: nil).isEmpty)
    }

    @Test("What its user wants comes first")
    func desired() throws {
        var bench = try Self.pushed()
        #expect(
            Self.lines(bench).first
                == WhyLine(subject: "demo", text: "shall run, by the word of its user at \(Self.moment)"))
        _ = try bench.stop("demo")
        #expect(
            Self.lines(bench).first
                == WhyLine(
                    subject: "demo", text: "shall not run: it was stopped at \(Self.moment)", hint: "foundry start demo"
                ))
        _ = try bench.delete("demo")
        #expect(Self.lines(bench).first?.text == "is being deleted since \(Self.moment); its volume is kept")
        _ = try bench.delete("demo", purge: true)
        #expect(Self.lines(bench).first?.text == "is being deleted since \(Self.moment), its volume with it")
    }

    @Test("Each phase has its sentence, and a command where one helps")
    func phases() throws {
        let error = FoundryError(.volumeOlder, "Volume v1 is older.", hint: "foundry volumes")
        let cases: [(MemberPhase, String, String?)] = [
            (.preparing, "is being prepared since \(Self.moment).", nil),
            (.starting, "runs since \(Self.moment) and has not answered its check yet.", "foundry logs demo"),
            (.healthy, "serves since \(Self.moment).", nil),
            (.unhealthy, "runs, and has not answered its check since \(Self.moment).", "foundry logs demo"),
            (.unready, "runs, and gets no connections since \(Self.moment).", "foundry logs demo"),
            (.stopping, "is being stopped since \(Self.moment).", nil),
            (.stopped, "is stopped since \(Self.moment).", nil),
            (
                .waiting(nextTry: Samples.start + 1_000), "ended and is started again at 2023-11-14T22:13:21Z.",
                "foundry logs demo"
            ),
            (
                .crashed(nextTry: Samples.start + 1_000),
                "ended 0 times and counts as crashed; it is tried again at 2023-11-14T22:13:21Z.", "foundry logs demo"
            ),
            (.refused(error), "must not start: Volume v1 is older.", "foundry volumes"),
        ]
        for (phase, text, hint) in cases {
            var bench = try Self.pushed(disk: nil)
            _ = bench.cell([try bench.status("demo", phase)])
            #expect(Self.member(bench) == WhyLine(subject: "demo/0", text: text, hint: hint))
        }
        let words = cases.map { PhaseWords.word($0.0) }
        #expect(
            words == [
                "preparing", "starting", "healthy", "unhealthy", "unready", "stopping", "stopped", "waiting", "crashed",
                "refused",
            ])
    }

    @Test("The check that fails is said with its phase")
    func complaints() throws {
        for (phase, text) in [
            (.starting, "runs since \(Self.moment) and has not answered its check yet: it is slow."),
            (.unhealthy, "runs, and has not answered its check since \(Self.moment): it is slow."),
            (.unready, "runs, and gets no connections since \(Self.moment): it is slow."),
        ] as [(MemberPhase, String)] {
            var bench = try Self.pushed(disk: nil)
            var status = try bench.status("demo", phase)
            status.complaint = "it is slow"
            _ = bench.cell([status])
            #expect(Self.member(bench)?.text == text)
        }
    }

    @Test("How it last ended, and what fails meanwhile, is said with it")
    func details() throws {
        var bench = try Self.pushed(disk: nil)
        #expect(Self.member(bench)?.text == "waits for the first word of cell cell-1")
        #expect(Self.member(bench)?.hint == "foundry status")
        var status = try bench.status("demo", .preparing)
        status.lastExit = MemberExit(time: Samples.start, reason: "was killed by signal 9", status: 137, lastLines: [])
        status.problem = FoundryError(.imageUnreachable, "The registry does not answer.", hint: "foundry doctor")
        _ = bench.cell([status])
        #expect(
            Self.member(bench)?.text
                == "is being prepared since \(Self.moment). Its last end, at \(Self.moment): was killed by signal 9."
                + " Something fails and is tried again: The registry does not answer.")
        #expect(Self.member(bench)?.hint == "foundry doctor")
    }

    @Test("A volume says who holds it, or why it is refused")
    func volumes() throws {
        func line(_ bench: ControllerBench) -> WhyLine? { Self.lines(bench).first { $0.subject == "volume demo/0" } }
        var bench = try Self.pushed()
        #expect(line(bench)?.text == "is held by demo/0 under epoch 1")
        var lying = try bench.lying("demo", epoch: 1, mounted: true)
        lying.refusal = FoundryError(.volumeEmpty, "Volume v1 is empty.", hint: "foundry volumes")
        _ = bench.cell([try bench.status("demo", .preparing)], volumes: [lying])
        #expect(
            line(bench)
                == WhyLine(subject: "volume demo/0", text: "is refused: Volume v1 is empty.", hint: "foundry volumes"))
        _ = try bench.stop("demo")
        _ = bench.cell([try bench.status("demo", .stopped)], volumes: [try bench.lying("demo", epoch: 1, sealed: true)])
        #expect(line(bench)?.text == "is sealed under epoch 1: its last holder stopped in order")
        // Of another app without a disk nothing is said of volumes.
        #expect(line(try Self.pushed(disk: nil)) == nil)
    }

    @Test("A route says where it leads, or what it waits for")
    func routes() throws {
        func line(_ bench: ControllerBench) -> WhyLine? { Self.lines(bench).last }
        var bench = try Self.pushed(disk: nil)
        #expect(line(bench) == WhyLine(subject: "route loopback:20000", text: "leads nowhere: no member serves now"))
        _ = bench.cell([try bench.status("demo", .healthy)])
        #expect(line(bench)?.text == "shall lead to 10.77.3.2:6379; the router has not done it yet")
        _ = bench.tell(.routerReport(RouterReport(ordersRevision: 1, applied: [], problem: "HAProxy does not answer.")))
        #expect(
            line(bench)?.text
                == "shall lead to 10.77.3.2:6379; the router has not done it yet: HAProxy does not answer.")
        #expect(line(bench)?.hint == "foundry status")
        _ = bench.route()
        #expect(line(bench) == WhyLine(subject: "route loopback:20000", text: "leads to 10.77.3.2:6379"))
    }

    @Test("An app without a place says what is short")
    func unplaced() throws {
        var bench = try Self.pushed(disk: nil)
        var app = try #require(bench.view.apps.values.first?.value)
        (app.id, app.name) = (AppID("big")!, AppName("big")!)
        app.spec.memory = .gigabytes(64)
        _ = bench.write([.put(.app(app), expects: .absent)])
        #expect(Why.explain(app.id, view: bench.view, router: nil).count == 1)
        let lines = bench.machine.reasons(of: app.id, now: Samples.moment())
        #expect(lines.count == 1)
        #expect(lines.last?.text.hasPrefix("has no place: It asks for 64 GiB of memory; cell cell-1 has ") == true)
        #expect(lines.last?.hint != nil)
    }
}
