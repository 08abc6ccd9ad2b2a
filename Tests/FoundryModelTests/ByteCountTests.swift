import FoundryModel
import FoundryTestSupport
import Testing

@Suite("Sizes")
struct ByteCountTests {
    @Test(
        "A size is read with or without its unit, in any case",
        arguments: [
            ("500", 500 << 20), ("0", 0), ("500M", 500 << 20), ("500mb", 500 << 20), ("500MiB", 500 << 20),
            ("1.5G", 3 << 29),
            ("1.5g", 3 << 29), ("64K", 64 << 10), ("64kib", 64 << 10), ("2T", 2 << 40), ("2TB", 2 << 40),
            (".5G", 1 << 29),
            ("0.001M", 1_048), ("8388607T", 8_388_607 << 40),
        ] as [(String, Int64)])
    func reads(text: String, bytes: Int64) {
        #expect(ByteCount(parsing: text)?.bytes == bytes)
    }

    @Test(
        "What is no size is refused",
        arguments: [
            "", " ", "G", ".", "-1", "-1G", "+1G", "1.2.3G", "1 G", " 1G", "1G ", "1E", "1P", "1e3", "0x10", "1,5G",
            "many", "1GG", "1GBB",
            "٣", "½", "NaN", "inf", "infinity", "8388608T", "99999999999999999999999T", "1\u{0}G",
        ])
    func refuses(text: String) {
        #expect(ByteCount(parsing: text) == nil)
    }

    @Test(
        "A size is printed in the largest unit, with one decimal at most",
        arguments: [
            (0, "0 B"), (1, "1 B"), (1_023, "1023 B"), (1_024, "1 KiB"), (1_536, "1.5 KiB"), (500 << 20, "500 MiB"),
            (1_023 << 20, "1023 MiB"),
            (1 << 30, "1 GiB"), (3 << 29, "1.5 GiB"), ((1 << 30) + 1, "1 GiB"), ((2 << 30) - 1, "1.9 GiB"),
            (1 << 40, "1 TiB"),
            (.max, "8388607.9 TiB"), (-5, "-5 B"),
        ] as [(Int64, String)])
    func prints(bytes: Int64, text: String) {
        #expect(ByteCount(bytes: bytes).description == text)
    }

    @Test("What is printed without a decimal is read back as the same size")
    func roundTrip() throws {
        var random = Seeded(11)
        for _ in 0..<2_000 {
            let size = ByteCount(
                bytes: Int64.random(in: 1...1_023, using: &random) << [10, 20, 30, 40].randomElement(using: &random)!)
            let text = size.description.replacing(" ", with: "")
            #expect(ByteCount(parsing: text) == size, "\(text)")
        }
    }

    @Test("Whatever the size, printing it never stops the process")
    func printsAnything() {
        var random = Seeded(12)
        for _ in 0..<2_000 {
            let size = ByteCount(bytes: Int64.random(in: .min ... .max, using: &random))
            #expect(!size.description.isEmpty)
        }
    }

    @Test("Sizes add, subtract and compare by their bytes")
    func arithmetic() {
        var sum = ByteCount.megabytes(1)
        sum += .megabytes(2)
        #expect(sum == .megabytes(3))
        #expect(sum - .megabytes(4) < .zero)
        #expect(ByteCount.gigabytes(1) == .megabytes(1_024))
        #expect(ByteCount(bytes: (5 << 20) - 1).wholeMegabytes == 4)
    }
}

@Suite("Shares of processor time")
struct MillicoresTests {
    @Test(
        "Cores and millicores are read",
        arguments: [
            ("1", 1_000), ("2", 2_000), ("0.5", 500), (".25", 250), ("250m", 250), ("1m", 1), ("1.001", 1_001),
            ("0.057", 57), ("1.005", 1_005),
            ("100000", 100_000_000), ("0.001", 1),
        ])
    func reads(text: String, count: Int) {
        #expect(Millicores(parsing: text)?.count == count)
    }

    @Test(
        "What is no share is refused",
        arguments: [
            "", "0", "0m", "-1", "-1m", "+1", "1.5m", "m", "1 ", "0x10", "1e2", "inf", "nan", "0.0001", "100001", "two",
            "1M", "1mm", "٣",
            "99999999999999999999m",
        ])
    func refuses(text: String) {
        #expect(Millicores(parsing: text) == nil)
    }

    @Test("What is printed is read back", arguments: [1, 10, 250, 999, 1_000, 1_001, 1_500, 64_000, 1_000_000])
    func roundTrip(count: Int) {
        #expect(Millicores(parsing: Millicores(count).description) == Millicores(count))
    }

    @Test("Whole cores are printed without a unit")
    func prints() {
        #expect(Millicores(2_000).description == "2")
        #expect(Millicores(250).description == "250m")
        #expect(Millicores(1) + Millicores(2) == Millicores(3))
        #expect(Millicores(1) < Millicores(2))
    }
}
