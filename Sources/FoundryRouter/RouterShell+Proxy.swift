import FoundryEffects
import FoundryModel
import FoundryRules
import Logging

extension RouterShell {
    /// Finds HAProxy and asks what it has.
    func connect() async {
        do throws(FoundryError) {
            let connection = try await ProxyConnection.open(layout.socket) { [signal] in signal.wake() }
            self.connection = connection
            let identity = try await control(connection).identity()
            logger.info("HAProxy found", metadata: ["pid": "\(identity.pid)", "version": "\(identity.version)"])
            if await observe(connection) { connectBackoff.reset() }
        } catch {
            logger.debug("HAProxy not found", metadata: error.metadata)
            disconnect()
        }
    }

    /// HAProxy is gone, or not to be understood: what it had is unknown, and what was decided for it is void.
    func disconnect() {
        if connection != nil { logger.notice("HAProxy lost") }
        connection?.close()
        connection = nil
        effects = []
        connectAt = SystemClock.monotonic() + connectBackoff.next().wholeMilliseconds
        decide(.lost)
    }

    /// - Returns: false when HAProxy could not be understood; it is lost then.
    @discardableResult
    func observe(_ connection: ProxyConnection) async -> Bool {
        do throws(FoundryError) {
            let table = try await control(connection).observe()
            observeAt = SystemClock.monotonic() + Self.observationPeriod
            decide(.observed(table))
            return true
        } catch {
            logger.warning("HAProxy not understood", metadata: error.metadata)
            disconnect()
            return false
        }
    }

    func perform(_ effect: RouterEffect, _ connection: ProxyConnection) async {
        let control = control(connection)
        do throws(FoundryError) {
            try await journal.perform(effect.name.rawValue, effect.subject, isDurable: false) {
                () throws(FoundryError) in
                try await control.perform(effect)
            }
            decide(.done(effect))
        } catch {
            var metadata = error.metadata
            metadata["effect"] = "\(effect.name.rawValue)"
            metadata["subject"] = "\(effect.subject)"
            logger.warning("effect failed", metadata: metadata)
            decide(.failed(effect, error))
        }
    }

    private func control(_ connection: ProxyConnection) -> ProxyControl {
        ProxyControl(connection: connection, maps: layout.maps)
    }
}

extension FoundryError {
    /// One line of a log: the code, and what the program below said.
    fileprivate var metadata: Logger.Metadata { ["error": "\(code.rawValue)", "detail": "\(detail ?? message)"] }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
