import Glibc
import Synchronization

/// A command's standard input, open or closed; closing it is how the command learns of the end.
final class ExecInput: Sendable {
    private let state: Mutex<Int32?>

    /// - Parameter descriptor: closed here.
    init(owning descriptor: Int32) { state = Mutex(descriptor) }

    deinit { end() }

    var descriptor: Int32? { state.withLock { $0 } }

    func end() {
        state.withLock { descriptor in
            if let descriptor { close(descriptor) }
            descriptor = nil
        }
    }
}
