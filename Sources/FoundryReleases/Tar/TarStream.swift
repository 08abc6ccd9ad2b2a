import FoundryModel

/// Takes a tar archive as it comes, and gives its entries on, judged: plain names, plain kinds, nothing twice, within the limits.
struct TarStream {
    enum Event {
        case file(TarHeader)
        case data(ArraySlice<UInt8>)
        case fileEnd
        case directory(String)
    }

    private enum State {
        case header
        case file(left: Int64, padding: Int)
        case padding(Int)
        /// Zeros that are still to come: an archive ends with two blocks of them, and perhaps is filled up with more.
        case end(blocks: Int)
    }

    /// Of tar programs that fill up to a record of 20 blocks.
    private static let mostEndBlocks = 22
    private let sink: (Event) throws -> Void
    private var state = State.header
    private var block: [UInt8] = []
    private var seen: [String: Bool] = [:]
    private var bytes: Int64 = 0

    init(_ sink: @escaping (Event) throws -> Void) { self.sink = sink }

    /// - Throws: `release_invalid`; what the sink throws.
    mutating func take(_ input: ArraySlice<UInt8>) throws {
        var rest = input
        while !rest.isEmpty {
            switch state {
            case .header, .end:
                let part = rest.prefix(TarHeader.size - block.count)
                block += part
                rest = rest.dropFirst(part.count)
                if block.count == TarHeader.size { try takeBlock() }
            case .file(let left, let padding):
                let part = rest.prefix(Int(min(left, Int64(rest.count))))
                rest = rest.dropFirst(part.count)
                try sink(.data(part))
                try goOn(left: left - Int64(part.count), padding: padding)
            case .padding(let count):
                let part = rest.prefix(count)
                guard part.allSatisfy({ $0 == 0 }) else { throw Self.refused("has bytes between its files") }
                rest = rest.dropFirst(part.count)
                state = part.count == count ? .header : .padding(count - part.count)
            }
        }
    }

    /// - Throws: `release_invalid` when it broke off.
    func finish() throws {
        guard case .end(let blocks) = state, blocks >= 2, block.isEmpty else { throw Self.refused("breaks off") }
    }

    private mutating func takeBlock() throws {
        defer { block.removeAll(keepingCapacity: true) }
        let reading = TarHeader.read(block[...])
        if case .end(let blocks) = state {
            guard reading == .end, blocks < Self.mostEndBlocks else { throw Self.refused("has bytes behind its end") }
            state = .end(blocks: blocks + 1)
            return
        }
        switch reading {
        case .end: state = .end(blocks: 1)
        case .refused(let why): throw Self.refused(why)
        case .entry(let header): try take(header)
        }
    }

    private mutating func take(_ header: TarHeader) throws {
        try judge(header)
        guard !header.isDirectory else { return try sink(.directory(header.path)) }
        try sink(.file(header))
        try goOn(left: header.bytes, padding: header.padding)
    }

    private mutating func goOn(left: Int64, padding: Int) throws {
        if left > 0 {
            state = .file(left: left, padding: padding)
        } else {
            try sink(.fileEnd)
            state = padding > 0 ? .padding(padding) : .header
        }
    }

    private mutating func judge(_ header: TarHeader) throws {
        let path = header.path
        guard ReleaseFiles.isPath(path) else { throw Self.refused("has a name that is not plain: \(path.prefix(80))") }
        guard seen[path] == nil else { throw Self.refused("has \(path) twice") }
        for parent in TarTree.parents(of: path) where seen[parent] == false {
            throw Self.refused("has \(parent) as a file and as a directory")
        }
        if !header.isDirectory, seen.keys.contains(where: { $0.hasPrefix(path + "/") }) {
            throw Self.refused("has \(path) as a file and as a directory")
        }
        seen[path] = header.isDirectory
        // Checksums and the signature come on top.
        guard seen.count <= 2 * ReleaseLimits.mostFiles + 2 else { throw Self.refused("has too many files") }
        guard header.bytes <= ReleaseLimits.mostBytes(of: path) else {
            throw Self.refused(
                "has \(path) with \(header.bytes) bytes; at most \(ReleaseLimits.mostBytes(of: path)) are taken")
        }
        guard !ReleaseLimits.isArchive(path) else { return }
        bytes += header.bytes
        guard bytes <= ReleaseLimits.mostBytes else {
            throw Self.refused("has files of more than \(ReleaseLimits.mostBytes) bytes in all")
        }
    }

    static func refused(_ why: String) -> FoundryError {
        FoundryError(.releaseInvalid, "The archive \(why).", hint: "foundry release pack makes archives")
    }
}
