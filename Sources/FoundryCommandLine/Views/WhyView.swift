import FoundryClient

/// Why an app is as it is, the most important first.
public struct WhyView {
    private let answer: WhyAnswer

    public init(_ answer: WhyAnswer) { self.answer = answer }

    public func lines(on terminal: Terminal) -> [String] {
        answer.lines.flatMap { line in
            [DisplayText.harmless(line.text)]
                + (line.hint.map {
                    [TextStyle.strong.applied(to: "  hint", on: terminal) + ": " + DisplayText.harmless($0)]
                } ?? [])
        }
    }
}
