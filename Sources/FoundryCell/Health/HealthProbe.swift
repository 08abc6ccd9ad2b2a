import CFoundryLinux
import FoundryEffects
import Glibc

/// Asks members whether they serve.
public enum HealthProbe {
    /// Opens a TCP connection and closes it again, without a thread or a program of its own.
    ///
    /// - Parameter address: IPv4, as `10.77.3.2`.
    /// - Returns: true when the connection was made within the time.
    public static func tcp(address: String, port: Int, timeoutMilliseconds: Int64) async -> Bool {
        guard let port = UInt16(exactly: port) else { return false }
        let descriptor = foundry_connect_begin(address, port)
        guard descriptor >= 0 else { return false }
        let outcome = await DescriptorWatch.shared.wait(
            descriptor, for: POLLOUT, limitMilliseconds: timeoutMilliseconds)
        let isConnected = outcome == .ready && foundry_connect_result(descriptor) == 0
        close(descriptor)
        return isConnected
    }
}
