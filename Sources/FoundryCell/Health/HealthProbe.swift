import FoundryModel
import FoundryRules

/// Asks members over the network whether they serve, without a thread or a program of its own.
public enum HealthProbe {
    /// - Parameter address: IPv4, as `10.77.3.2`.
    /// - Returns: within the time, and hardly later. Questions that are not for the network are answered `unknown`.
    public static func ask(_ asks: HealthQuestion, address: String, timeoutMilliseconds: Int64) async -> CheckVerdict {
        guard let port = asks.port else { return .unknown }
        let connection = ProbeConnection(limitMilliseconds: timeoutMilliseconds)
        guard await connection.open(address: address, port: port) else { return .fails(.refused) }
        switch asks {
        case .process, .command: return .unknown
        case .port: return .serves
        case .http(_, let path): return await HTTPProbe.ask(connection, host: "\(address):\(port)", path: path)
        case .engine(let engine, _): return await EngineProbe.ask(engine, connection)
        }
    }
}
