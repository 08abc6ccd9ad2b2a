import FoundryClient
import Testing

@testable import FoundryCommandLine

@Suite("The steps of a push")
struct PushStepsTests {
    @Test("each event is shown once, though it comes by the stream and at the end")
    func once() {
        var steps = PushSteps(of: ["a1"], since: Sample.begin)
        let event = Sample.event(.memberPlaced, "e1", at: 1, "was placed on cell c1")
        #expect(
            steps.steps(for: event) == [.done("placed", "demo/0 was placed on cell c1"), .running("start", "demo/0")])
        #expect(steps.steps(for: event) == [])
    }

    @Test("events from before the push are not its own")
    func before() {
        var steps = PushSteps(of: ["a1"], since: Sample.time(5).timestamp)
        #expect(steps.steps(for: Sample.event(.memberCrashed, "e1", at: 4)) == [])
        #expect(steps.steps(for: Sample.event(.memberCrashed, "e2", at: 5)) == [.failed("crashed", "demo/0 so it is")])
    }

    @Test("a kind of event that this version does not know is left out")
    func unknown() {
        var steps = PushSteps(of: ["a1"], since: Sample.begin)
        var event = Sample.event(.memberRunning, "e1", at: 1)
        event.kind = "member.danced"
        #expect(steps.steps(for: event) == [])
    }

    @Test("events of other apps are not shown")
    func others() {
        var steps = PushSteps(of: ["a2"], since: Sample.begin)
        #expect(steps.steps(for: Sample.event(.memberPlaced, "e1", at: 1)) == [])
    }

    @Test("a healthy app ends with its address and its time; any other with nothing")
    func last() {
        #expect(
            PushSteps.last(for: Sample.app(), milliseconds: 640) == [
                .done("route", "127.0.0.1:20000 -> 6379, after 0.6 s")
            ])
        #expect(PushSteps.last(for: Sample.app(route: nil), milliseconds: 12_000) == [])
        #expect(PushSteps.last(for: Sample.app(state: "stopped"), milliseconds: 640) == [])
    }

    @Test("off a terminal each step is one plain line, and nothing is said while it runs")
    func plainLines() {
        var printer = StepPrinter(terminal: .plain)
        #expect(printer.begin("start", "demo/0") == "")
        #expect(printer.redraw(elapsedMilliseconds: 5000) == "")
        #expect(printer.end(.done, "started", "pid 7") == "started: pid 7\n")
        #expect(printer.clear() == "")
    }

    @Test("on a terminal the running step is written over, fits the line, and leaves nothing behind")
    func spinner() {
        var printer = StepPrinter(terminal: Terminal(isInteractive: true, hasColour: false, width: 30))
        let first = printer.begin("start", String(repeating: "x", count: 100))
        #expect(first.hasPrefix("\r\u{1b}[2K"))
        #expect(DisplayText.width(String(first.dropFirst(5))) <= 30)
        #expect(printer.redraw(elapsedMilliseconds: 12_300).contains("12s"))
        #expect(printer.redraw(elapsedMilliseconds: 12_300) != printer.redraw(elapsedMilliseconds: 12_300))
        #expect(printer.end(.done, "started", "pid 7") == "\r\u{1b}[2K✓ started  pid 7\n")
        #expect(printer.redraw(elapsedMilliseconds: 1) == "")
        #expect(printer.clear() == "")
    }
}
