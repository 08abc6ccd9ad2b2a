import FoundryModel
import FoundryRules

/// Asks an engine for a first word in its own protocol. No credentials are given, and none are needed: to be asked for them is an answer.
enum EngineProbe {
    static func ask(_ engine: EngineProtocol, _ connection: ProbeConnection) async -> CheckVerdict {
        switch engine {
        case .redis: await redis(connection)
        case .postgresql: await postgresql(connection)
        case .mysql: await mysql(connection)
        }
    }

    private static func redis(_ connection: ProbeConnection) async -> CheckVerdict {
        if let failure = await connection.send(Array("*1\r\n$4\r\nPING\r\n".utf8)) { return .fails(failure) }
        switch await connection.receive(until: { $0.contains(UInt8(ascii: "\n")) }) {
        case .failed(let failure): return .fails(failure)
        case .bytes(let bytes):
            let line = text(bytes.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") })
            if ["+PONG", "-NOAUTH", "-NOPERM"].contains(where: line.hasPrefix) { return .serves }
            return .fails(line.hasPrefix("-") ? .engine(String(line.dropFirst())) : .garbled)
        }
    }

    /// - Source: PostgreSQL's documentation, "Message Formats"; what counts as an answer is as `pg_isready` has it.
    private static func postgresql(_ connection: ProbeConnection) async -> CheckVerdict {
        let names = Array("user\0foundry_health\0database\0postgres\0application_name\0foundry\0\0".utf8)
        if let failure = await connection.send(word(UInt32(8 + names.count)) + word(196_608) + names) {
            return .fails(failure)
        }
        let reading = await connection.receive { bytes in
            guard bytes.count >= 5, bytes[0] == UInt8(ascii: "E") else { return bytes.count >= 5 }
            return bytes.count >= 1 + min(Int(length(bytes[1...])), ProbeConnection.mostBytes - 1)
        }
        switch reading {
        case .failed(let failure): return .fails(failure)
        case .bytes(let bytes):
            switch bytes[0] {
            case UInt8(ascii: "R"): return .serves
            case UInt8(ascii: "E"): return refusal(bytes.dropFirst(5))
            default: return .fails(.garbled)
            }
        }
    }

    /// It refuses everybody while it starts and stops (57P03); any other word is that of one that serves.
    private static func refusal(_ fields: ArraySlice<UInt8>) -> CheckVerdict {
        var values: [UInt8: String] = [:]
        for field in fields.split(separator: 0) { values[field[field.startIndex]] = text(field.dropFirst()) }
        guard let code = values[UInt8(ascii: "C")], code.count == 5 else { return .fails(.garbled) }
        return code == "57P03" ? .fails(.engine(values[UInt8(ascii: "M")] ?? code)) : .serves
    }

    /// - Source: MariaDB's documentation, "Connecting": the server speaks first.
    private static func mysql(_ connection: ProbeConnection) async -> CheckVerdict {
        let reading = await connection.receive { bytes in
            guard bytes.count >= 5, bytes[4] == 10 || bytes[4] == 0xff else { return bytes.count >= 5 }
            return bytes.count >= 7 && bytes.count >= 4 + min(Int(bytes[0]), 64)
        }
        switch reading {
        case .failed(let failure): return .fails(failure)
        case .bytes(let bytes):
            switch bytes[4] {
            case 10: return .serves
            case 0xff:
                let code = Int(bytes[5]) | Int(bytes[6]) << 8
                // Too many connections: it has others to serve.
                return code == 1_040 ? .serves : .fails(.engine("error \(code) \(text(bytes.dropFirst(7)))"))
            default: return .fails(.garbled)
            }
        }
    }

    private static func word(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func length(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func text(_ bytes: some Sequence<UInt8>) -> String { ProbeWords.harmless(bytes) }
}
