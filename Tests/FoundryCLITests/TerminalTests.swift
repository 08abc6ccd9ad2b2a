import Testing

@testable import FoundryCommandLine

@Suite("Terminals and times")
struct TerminalTests {
    @Test("a style without colour is the text itself")
    func plain() {
        #expect(TextStyle.bad.applied(to: "x", on: .plain) == "x")
    }

    @Test(
        "an age is told in its largest unit",
        arguments: [
            (-5_000, "0s"), (0, "0s"), (119_999, "119s"), (120_000, "2m"), (7_199_000, "119m"), (7_200_000, "2h"),
            (172_800_000, "2d"),
        ] as [(Int64, String)])
    func age(milliseconds: Int64, text: String) {
        #expect(AgeText.of(milliseconds: milliseconds) == text)
    }

    @Test(
        "a length of time is read with or without its unit",
        arguments: [
            ("90", Duration.seconds(90)), ("90s", .seconds(90)), ("1.5s", .milliseconds(1500)),
            ("250ms", .milliseconds(250)),
            ("2m", .seconds(120)), ("1h", .seconds(3600)),
        ])
    func time(text: String, duration: Duration) {
        #expect(TimeArgument(parsing: text)?.duration == duration)
    }

    @Test(
        "what is no length of time is refused", arguments: ["", "s", "-1", "0", "x", "5x", "1e3", "25h", "nan", "１s"])
    func noTime(text: String) {
        #expect(TimeArgument(parsing: text) == nil)
    }
}
