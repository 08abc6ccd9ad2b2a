import FoundryModel
import Synchronization

/// The keyring that the server seals with, and its exchange while records go on being written.
final class SecretVault: SecretCoding {
    /// Taken before a record is sealed, let go when it is stored.
    final class Hold: Sendable {
        private let vault: SecretVault
        private let age: Int

        fileprivate init(_ vault: SecretVault, _ age: Int) {
            self.vault = vault
            self.age = age
        }

        deinit { vault.state.withLock { $0.holds[age, default: 1] -= 1 } }
    }

    private struct State {
        var ring: SecretKeyring
        /// Grows with each new key.
        var age = 0
        /// By the age at which they were taken.
        var holds: [Int: Int] = [:]
    }

    private let path: String
    private let state: Mutex<State>

    /// - Throws: `secrets_unreadable`.
    init(_ path: String) throws(FoundryError) {
        self.path = path
        state = Mutex(State(ring: try SecretKeyring.open(path, makes: true)))
    }

    func write(_ text: String) throws -> String { try ring.write(text) }
    func read(_ written: String) throws -> String { try ring.read(written) }

    var ring: SecretKeyring { state.withLock { $0.ring } }

    func hold() -> Hold {
        let age = state.withLock { state in
            state.holds[state.age, default: 0] += 1
            return state.age
        }
        return Hold(self, age)
    }

    /// A new key, in the file before anything is sealed with it.
    ///
    /// - Returns: its age.
    func renew() throws(FoundryError) -> Int {
        let outcome: Result<Int, FoundryError> = state.withLock { state in
            let next = state.ring.rotated()
            do throws(FoundryError) { try next.save(path) } catch { return .failure(error) }
            state.ring = next
            state.age += 1
            return .success(state.age)
        }
        return try outcome.get()
    }

    /// Nothing that was sealed with an older key is on its way to the store.
    func isSettled(at age: Int) -> Bool {
        state.withLock { $0.holds.allSatisfy { $0.key >= age || $0.value == 0 } }
    }

    /// Drops all keys but the newest, in the file, too. Nothing may be sealed with them any more.
    ///
    /// - Returns: how many; nil when there is a newer key than the one of this age: whoever made that one does it.
    func dropOlder(than age: Int) throws(FoundryError) -> Int? {
        let outcome: Result<Int?, FoundryError> = state.withLock { state in
            guard state.age == age else { return .success(nil) }
            let next = state.ring.newestOnly()
            do throws(FoundryError) { try next.save(path) } catch { return .failure(error) }
            let dropped = state.ring.ids.count - next.ids.count
            state.ring = next
            return .success(dropped)
        }
        return try outcome.get()
    }
}
