import FoundryModel
import FoundryTestSupport
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("Moments")
struct TimestampTests {
    @Test(
        "A moment is printed as RFC 3339 says, leap years and times before 1970 among them",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (999, "1970-01-01T00:00:00Z"), (1_000, "1970-01-01T00:00:01Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (-1_000, "1969-12-31T23:59:59Z"), (-1_001, "1969-12-31T23:59:58Z"), (-86_400_000, "1969-12-31T00:00:00Z"),
            (68_169_600_000, "1972-02-29T00:00:00Z"), (951_782_400_000, "2000-02-29T00:00:00Z"),
            (978_307_199_000, "2000-12-31T23:59:59Z"),
            (1_709_251_199_999, "2024-02-29T23:59:59Z"), (1_677_628_800_000, "2023-03-01T00:00:00Z"),
            (4_107_542_399_000, "2100-02-28T23:59:59Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"), (-2_203_891_200_000, "1900-03-01T00:00:00Z"),
            (-2_203_891_201_000, "1900-02-28T23:59:59Z"),
            (-11_670_998_400_000, "1600-02-29T00:00:00Z"), (-62_135_596_800_000, "0001-01-01T00:00:00Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59Z"), (1_795_219_200_000, "2026-11-21T00:00:00Z"),
        ] as [(Int64, String)])
    func prints(milliseconds: Int64, text: String) {
        #expect(Timestamp(millisecondsSince1970: milliseconds).description == text)
    }

    @Test("Any moment of the Gregorian calendar is printed as another implementation prints it")
    func printsLikeFoundation() {
        var random = Seeded(21)
        let style = Date.ISO8601FormatStyle()
        for _ in 0..<2_000 {
            let seconds = Int64.random(in: -11_676_096_000...253_402_300_799, using: &random)
            let expected = Date(timeIntervalSince1970: Double(seconds)).formatted(style)
            #expect(Timestamp(millisecondsSince1970: seconds * 1_000).description == expected)
        }
    }

    @Test("Moments differ by milliseconds and compare by time")
    func arithmetic() {
        let start = Timestamp(millisecondsSince1970: 1_000)
        #expect(start + 500 > start)
        #expect((start + 500) - start == 500)
        #expect(start - (start + 500) == -500)
        let boot = MonotonicTime(milliseconds: 5)
        #expect((boot + 7) - boot == 7)
        #expect(boot < boot + 1)
        #expect((boot + 7).description == "+12ms")
    }

    @Test("Epochs and terms grow by one and begin at none")
    func tokens() {
        #expect(Epoch.none.next == Epoch(1))
        #expect(Epoch(1) < Epoch(2))
        #expect(Term(1).next == Term(2))
        #expect(Term(1) < Term(2))
        #expect("\(Epoch(7)) \(Term(9))" == "7 9")
    }
}
