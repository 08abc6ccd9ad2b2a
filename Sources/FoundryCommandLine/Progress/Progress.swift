import FoundryEffects
import FoundryModel

/// Shows how a piece of work goes on, on the standard error.
public actor Progress {
    private let console: Console
    private let isSilent: Bool
    private var printer: StepPrinter
    private var stepBegan = SystemClock.monotonic()

    private init(console: Console, isSilent: Bool) {
        self.console = console
        self.isSilent = isSilent
        printer = StepPrinter(terminal: console.errors)
    }

    /// Does the work, and keeps the running step's line moving meanwhile.
    ///
    /// - Parameter isSilent: nothing is shown, as with `--output json`.
    public static func show<Result: Sendable>(
        on console: Console, isSilent: Bool = false, _ work: @escaping @Sendable (Progress) async throws -> Result
    ) async throws -> Result {
        let progress = Progress(console: console, isSilent: isSilent)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            if console.errors.isInteractive, !isSilent {
                group.addTask { await progress.keepMoving() }
            }
            defer { group.cancelAll() }
            do {
                let result = try await work(progress)
                await progress.clear()
                return result
            } catch {
                await progress.clear()
                throw error
            }
        }
    }

    /// Shows a step as running; the one before it, if it did not end, is forgotten.
    public func begin(_ label: String, _ text: String) {
        stepBegan = SystemClock.monotonic()
        write(printer.begin(label, text))
    }

    /// Shows that a step was done, begun or not.
    public func finish(_ label: String, _ text: String) { write(printer.end(.done, label, text)) }

    /// Shows that a step failed.
    public func fail(_ label: String, _ text: String) { write(printer.end(.failed, label, text)) }

    private func clear() { write(printer.clear()) }

    private func keepMoving() async {
        while (try? await SystemClock.sleep(.milliseconds(80))) != nil {
            write(printer.redraw(elapsedMilliseconds: SystemClock.monotonic() - stepBegan))
        }
    }

    private func write(_ text: String) {
        if !isSilent, !text.isEmpty { console.writeNote(text) }
    }
}
