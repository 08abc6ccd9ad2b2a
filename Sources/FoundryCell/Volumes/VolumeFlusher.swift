import FoundryEffects
import FoundryModel
import FoundryRules
import Logging

/// Flushes one volume for a program whose syncs return at once, for as long as the program runs.
struct VolumeFlusher: Sendable {
    let deferred: DeferredVolume
    let world: CellWorld
    let logger: Logger
    /// Its program still runs, on this volume.
    let isWanted: @Sendable () async -> Bool

    private enum News: Sendable {
        case flushed
        case failed(FoundryError)
        case late
    }

    /// - Returns: why the member has to end; nil when its program is gone.
    func run() async -> FoundryError? {
        // A process of the cell before this one may have been killed while it held the member.
        await release()
        world.flushes.owe(deferred.volume)
        var machine = FlushMachine(milliseconds: deferred.milliseconds, now: SystemClock.monotonic())
        var problem: FoundryError?
        while problem == nil, await isWanted(), await sleep(until: machine.nextWake) {
            world.flushes.note(deferred.member, flushedAt: machine.flushedAt)
            problem = await turn(&machine)
        }
        world.flushes.note(deferred.member, flushedAt: nil)
        if machine.isHeld { await release() }
        return problem
    }

    /// What is due now, and the flush that is due with it.
    private func turn(_ machine: inout FlushMachine) async -> FoundryError? {
        var effects = machine.handle(.tick, now: SystemClock.monotonic())
        guard effects.contains(.flush) else {
            await carryOut(effects)
            return nil
        }
        var problem: FoundryError?
        await withTaskGroup(of: News.self) { group in
            group.addTask { await flush() }
            watch(machine.nextWake, in: &group)
            var isUnderWay = true
            while isUnderWay, let news = await group.next() {
                switch news {
                case .late:
                    effects = machine.handle(.tick, now: SystemClock.monotonic())
                    if !Task.isCancelled { watch(machine.nextWake, in: &group) }
                case .flushed:
                    effects = machine.handle(.flushed, now: SystemClock.monotonic())
                    isUnderWay = false
                case .failed(let error):
                    problem = error
                    effects = machine.handle(.failed, now: SystemClock.monotonic())
                    isUnderWay = false
                }
                await carryOut(effects)
            }
            group.cancelAll()
        }
        return problem
    }

    /// While the flush is under way, the only thing that time brings is that it takes too long.
    private func watch(_ wake: MonotonicTime?, in group: inout TaskGroup<News>) {
        guard let wake else { return }
        group.addTask {
            _ = await sleep(until: wake)
            return .late
        }
    }

    private func flush() async -> News {
        do throws(FoundryError) {
            try await world.pool.flush(deferred.volume)
            return .flushed
        } catch {
            return .failed(error)
        }
    }

    private func carryOut(_ effects: [FlushMachine.Effect]) async {
        for effect in effects {
            switch effect {
            // Under way; and the cell's machine is told of the end.
            case .flush, .stop: break
            case .hold:
                logger.warning("a member is held until its disk is flushed", metadata: ["member": "\(deferred.member)"])
                do throws(FoundryError) { try await world.runtime.hold(deferred.member) } catch { tell(error) }
            case .release: await release()
            }
        }
    }

    private func release() async {
        do throws(FoundryError) { try await world.runtime.release(deferred.member) } catch { tell(error) }
    }

    private func tell(_ error: FoundryError) {
        logger.error(
            "a member cannot be held or released", metadata: ["member": "\(deferred.member)", "error": "\(error)"])
    }

    /// - Returns: false when it was cancelled.
    private func sleep(until wake: MonotonicTime?) async -> Bool {
        let pause = wake.map { max(1, $0 - SystemClock.monotonic()) } ?? deferred.milliseconds
        do { try await SystemClock.sleep(.milliseconds(pause)) } catch { return false }
        return true
    }
}
