/// Unpacks gzip: one member, its checksum checked, nothing behind it. Output goes on as it comes, so a limit stops it at once.
///
/// - Source: RFC 1951, RFC 1952.
struct Inflate {
    struct Malformed: Error {}

    private static let windowSize = 1 << 15
    private static let flushSize = 1 << 16

    private let next: () throws -> UInt8?
    private let sink: (ArraySlice<UInt8>) throws -> Void
    private var bits: UInt32 = 0
    private var bitCount: UInt32 = 0
    /// The window, and what is not yet given on.
    private var output: [UInt8] = []
    private var given = 0
    private var sum = CRC32()
    private var length: UInt32 = 0

    /// - Parameter next: the next byte of the packed file; nil at its end.
    /// - Throws: `Malformed`; what `next` and `sink` throw.
    static func run(
        _ next: @escaping () throws -> UInt8?, into sink: @escaping (ArraySlice<UInt8>) throws -> Void
    ) throws {
        var inflate = Inflate(next, sink)
        try inflate.run()
    }

    private init(_ next: @escaping () throws -> UInt8?, _ sink: @escaping (ArraySlice<UInt8>) throws -> Void) {
        self.next = next
        self.sink = sink
        output.reserveCapacity(Self.windowSize + Self.flushSize + 512)
    }

    private mutating func run() throws {
        try readHeader()
        while true {
            let isLast = try take(1) == 1
            switch try take(2) {
            case 0: try stored()
            case 1: try coded(Self.fixedLengths, Self.fixedDistances)
            case 2:
                let (lengths, distances) = try dynamicCodes()
                try coded(lengths, distances)
            default: throw Malformed()
            }
            if isLast { break }
        }
        try flush(keepingWindow: false)
        bitCount = 0
        guard try word() == sum.value, try word() == length, try next() == nil else { throw Malformed() }
    }

    /// Without names, remarks and other things that nobody checks.
    private mutating func readHeader() throws {
        let header = try (0..<10).map { _ in try byte() }
        guard header[0] == 0x1f, header[1] == 0x8b, header[2] == 8, header[3] & ~0x08 == 0 else { throw Malformed() }
        guard header[3] == 0x08 else { return }
        for _ in 0..<256 where try byte() == 0 { return }
        throw Malformed()
    }

    // MARK: Blocks

    private mutating func stored() throws {
        bitCount = 0
        bits = 0
        let count = UInt16(try byte()) | UInt16(try byte()) << 8
        let inverse = UInt16(try byte()) | UInt16(try byte()) << 8
        guard count == ~inverse else { throw Malformed() }
        for _ in 0..<count { try put(try byte()) }
    }

    private mutating func coded(_ lengths: PrefixCode, _ distances: PrefixCode) throws {
        while true {
            let symbol = try decode(lengths)
            if symbol < 256 {
                try put(UInt8(symbol))
            } else if symbol == 256 {
                return
            } else {
                guard symbol - 257 < Self.lengthBases.count else { throw Malformed() }
                let count = Self.lengthBases[symbol - 257] + Int(try take(UInt32(Self.lengthExtras[symbol - 257])))
                let place = try decode(distances)
                guard place < Self.distanceBases.count else { throw Malformed() }
                let distance = Self.distanceBases[place] + Int(try take(UInt32(Self.distanceExtras[place])))
                guard distance <= output.count, distance <= Self.windowSize else { throw Malformed() }
                for _ in 0..<count { try put(output[output.count - distance]) }
            }
        }
    }

    private mutating func dynamicCodes() throws -> (PrefixCode, PrefixCode) {
        let (literals, distances) = (Int(try take(5)) + 257, Int(try take(5)) + 1)
        let count = Int(try take(4)) + 4
        guard literals <= 286, distances <= 30 else { throw Malformed() }
        var order = [UInt8](repeating: 0, count: 19)
        for place in Self.codeOrder.prefix(count) { order[place] = UInt8(try take(3)) }
        let code = try PrefixCode(order)
        var lengths: [UInt8] = []
        while lengths.count < literals + distances {
            switch try decode(code) {
            case let length where length < 16: lengths.append(UInt8(length))
            case 16:
                guard let last = lengths.last else { throw Malformed() }
                lengths += [UInt8](repeating: last, count: 3 + Int(try take(2)))
            case 17: lengths += [UInt8](repeating: 0, count: 3 + Int(try take(3)))
            default: lengths += [UInt8](repeating: 0, count: 11 + Int(try take(7)))
            }
        }
        guard lengths.count == literals + distances, lengths[256] != 0 else { throw Malformed() }
        return (try PrefixCode(Array(lengths[..<literals])), try PrefixCode(Array(lengths[literals...])))
    }

    // MARK: Bits and bytes

    private mutating func decode(_ code: PrefixCode) throws -> Int {
        var (value, first, index) = (0, 0, 0)
        for length in 1...15 {
            value |= Int(try take(1))
            let count = code.counts[length]
            if value - count < first { return code.symbols[index + value - first] }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        throw Malformed()
    }

    private mutating func take(_ count: UInt32) throws -> UInt32 {
        while bitCount < count {
            bits |= UInt32(try byte()) << bitCount
            bitCount += 8
        }
        let value = bits & ((1 << count) - 1)
        bits >>= count
        bitCount -= count
        return value
    }

    private func byte() throws -> UInt8 {
        guard let byte = try next() else { throw Malformed() }
        return byte
    }

    private func word() throws -> UInt32 {
        try (0..<4).reduce(0) { word, index in word | UInt32(try byte()) << (8 * UInt32(index)) }
    }

    private mutating func put(_ byte: UInt8) throws {
        output.append(byte)
        if output.count >= Self.windowSize + Self.flushSize { try flush(keepingWindow: true) }
    }

    private mutating func flush(keepingWindow: Bool) throws {
        let fresh = output[given...]
        sum.add(fresh)
        length &+= UInt32(truncatingIfNeeded: fresh.count)
        try sink(fresh)
        output.removeFirst(keepingWindow ? output.count - Self.windowSize : output.count)
        given = output.count
    }

    // MARK: Tables

    private static let codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthExtras = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12289, 16385, 24577,
    ]
    private static let distanceExtras = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]
    private static let fixedLengths = PrefixCode(
        checked: [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112)
            + [UInt8](repeating: 7, count: 24) + [UInt8](repeating: 8, count: 8))
    private static let fixedDistances = PrefixCode(checked: [UInt8](repeating: 5, count: 30))
}

/// A canonical Huffman code.
struct PrefixCode {
    /// Of symbols, by length.
    private(set) var counts = [Int](repeating: 0, count: 16)
    /// In the order of their codes.
    private(set) var symbols: [Int] = []

    /// - Throws: when more symbols have a length than there are codes of it.
    init(_ lengths: [UInt8]) throws {
        self.init(checked: lengths)
        var left = 1
        for length in 1...15 {
            left = left << 1 - counts[length]
            guard left >= 0 else { throw Inflate.Malformed() }
        }
    }

    init(checked lengths: [UInt8]) {
        for length in lengths where length > 0 { counts[Int(length)] += 1 }
        for length in 1...15 where counts[length] > 0 {
            symbols += lengths.indices.filter { lengths[$0] == UInt8(length) }
        }
    }
}

struct CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1 }
    }

    private var state: UInt32 = ~0

    var value: UInt32 { ~state }

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = Self.table[Int((state ^ UInt32(byte)) & 0xff)] ^ state >> 8 }
    }
}
