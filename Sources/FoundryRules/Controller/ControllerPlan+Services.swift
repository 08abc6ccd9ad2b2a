import FoundryModel

extension ControllerPlan {
    /// Of one transaction.
    private static let recordsAtOnce = 50

    /// Instances that were written, those of apps that were looked at, and those for which a verb runs or time counts.
    mutating func advanceServices(using generator: inout some RandomNumberGenerator) {
        guard !view.instances.isEmpty else { return }
        var due = dirt.all ? Set(view.instances.keys) : dirt.services
        for app in seen { if let id = view.apps[app]?.value.spec.service?.instance { due.insert(id) } }
        if !dirt.cells.isEmpty || dirt.time {
            due.formUnion(view.index.busyBindings.compactMap { view.bindings[$0]?.value.instance })
        }
        if dirt.jobs || dirt.time {
            // Of what is gone no record says whose it was.
            for instance in view.instances.values where instance.value.operation.kind == .delete {
                due.insert(instance.value.id)
            }
        }
        if dirt.time { due.formUnion(view.bindings.values.filter { isOver($0.value) }.map(\.value.instance)) }
        for instance in due.sorted().compactMap({ view.instances[$0] }) {
            let id = instance.value.id
            if instance.value.operation.kind == .delete {
                forget(instance, using: &generator)
            } else {
                for binding in view.index.bindings(of: id).sorted() {
                    if let binding = view.bindings[binding] { advance(binding, of: instance.value, using: &generator) }
                }
            }
        }
    }

    /// Nothing of it is left: neither its workload nor a disk.
    private mutating func forget(
        _ instance: Revised<ServiceInstanceRecord>, using generator: inout some RandomNumberGenerator
    ) {
        let workload = instance.value.workload
        guard view.apps[workload] == nil else { return }
        let subject = "service/\(instance.value.id)"
        let (volumes, snapshots) = (view.volumes(of: workload), view.snapshots(of: workload))
        guard volumes.isEmpty && snapshots.isEmpty || Planted.has(.serviceForgottenBeforeItsDisk) else {
            return clear(volumes, snapshots, subject, instance.value)
        }
        let bindings = view.index.bindings(of: instance.value.id).sorted()
        let going = bindings.prefix(Self.recordsAtOnce).compactMap { view.bindings[$0] }.map { binding in
            RecordWrite.delete(
                key: Record.binding(binding.value).key, kind: .binding, expects: .revision(binding.revision))
        }
        guard going.count == bindings.count else {
            return add(.bindingForget, subject, going, for: .service(instance.value.id))
        }
        add(
            .serviceForget, subject,
            going + [
                .delete(
                    key: Record.instance(instance.value).key, kind: .instance, expects: .revision(instance.revision)),
                event(
                    .serviceGone, app: workload, subject: instance.value.name.description,
                    "is gone, and nothing of it is left", using: &generator),
            ], for: .service(instance.value.id))
    }

    /// Who deletes a service means all copies of its data. What somebody else's disk is being made from waits for that.
    private mutating func clear(
        _ volumes: [VolumeRecord], _ snapshots: [SnapshotRecord], _ subject: String, _ instance: ServiceInstanceRecord
    ) {
        let purged = volumes.compactMap { volume -> RecordWrite? in
            switch volume.phase {
            case .kept, .forked: break
            case .allotted, .held, .sealed, .follows, .purging: return nil
            }
            var next = volume
            next.phase = .purging
            return .put(.volume(next), expects: .seen(view.volumes[volume.id]))
        }
        let removed = snapshots.compactMap { snapshot -> RecordWrite? in
            guard snapshot.state != .removing, view.volume(madeFrom: snapshot.id) == nil else { return nil }
            var next = snapshot
            next.state = .removing
            return .put(.snapshot(next), expects: .seen(view.snapshots[snapshot.id]))
        }
        let writes = Array((purged + removed).prefix(Self.recordsAtOnce))
        if !writes.isEmpty { add(.serviceClear, subject, writes, for: .service(instance.id)) }
    }

    /// Another took its place, or its app is gone.
    private func isOver(_ binding: BindingRecord) -> Bool {
        let isOrphan = binding.app.map { view.apps[$0] == nil } == true
        switch binding.state {
        case .bound: return isOrphan || binding.retiresAt.map { $0 <= now } == true
        case .failed: return isOrphan
        case .binding, .renewing, .unbinding, .revoked: return false
        }
    }

    private mutating func advance(
        _ binding: Revised<BindingRecord>, of instance: ServiceInstanceRecord,
        using generator: inout some RandomNumberGenerator
    ) {
        switch binding.value.state {
        case .binding(let verb), .renewing(let verb): settle(binding, verb, of: instance, using: &generator)
        case .unbinding(let verb): revoke(binding, verb, of: instance, using: &generator)
        case .bound where isOver(binding.value), .failed where isOver(binding.value):
            let words = "unbinds \(binding.value.subject(view)), which has another, or is gone"
            change(.bindingRetire, binding, (.bindingRemoved, words), of: instance, using: &generator) {
                $0.state = .unbinding(.random(using: &$1))
                $0.retiresAt = nil
            }
        case .bound, .revoked: renew(binding, of: instance, using: &generator)
        case .failed: break
        }
    }

    /// The verb ended, well or not.
    private mutating func settle(
        _ binding: Revised<BindingRecord>, _ verb: VerbID, of instance: ServiceInstanceRecord,
        using generator: inout some RandomNumberGenerator
    ) {
        let subject = binding.value.subject(view)
        let place = view.place(of: instance)
        switch reports.outcome(of: verb, in: place) {
        case .done:
            var event: (EventName, String)?
            if case .binding = binding.value.state { event = (.bindingReady, "is bound to \(subject)") }
            change(.bindingSettle, binding, event, of: instance, using: &generator) { binding, _ in
                binding.state = .bound
                binding.appliedTo = place
            }
        case .failed(let error):
            // What was bound once stays so, and is tried until it succeeds.
            guard case .binding = binding.value.state,
                JobRule.isOverdue(since: binding.value.updatedAt, now: now)
            else { return }
            let words = "cannot be bound to \(subject): \(error.message)"
            change(.bindingSettle, binding, (.bindingFailed, words), of: instance, using: &generator) { binding, _ in
                binding.state = .failed(error)
            }
        case nil: break
        }
    }

    private mutating func revoke(
        _ binding: Revised<BindingRecord>, _ verb: VerbID, of instance: ServiceInstanceRecord,
        using generator: inout some RandomNumberGenerator
    ) {
        let place = view.place(of: instance)
        guard reports.outcome(of: verb, in: place) == .done else { return }
        let words = "is not bound to \(binding.value.subject(view)) any more"
        let forgotten = surplusRevoked(of: instance.id)
        change(.bindingSettle, binding, (.bindingGone, words), of: instance, and: forgotten, using: &generator) {
            binding, _ in
            binding.state = .revoked
            binding.password = nil
            binding.app = nil
            binding.name = nil
            binding.retiresAt = nil
            binding.appliedTo = place
        }
    }

    /// The oldest of those that nobody sees, so that with one more there are as many as are remembered.
    private func surplusRevoked(of instance: ServiceInstanceID) -> [RecordWrite] {
        let revoked = view.index.bindings(of: instance).compactMap { view.bindings[$0] }.filter {
            $0.value.state == .revoked
        }
        let remembered = Planted.has(.removedUserForgotten) ? 1 : BindingVerbs.mostRevoked
        return revoked.sorted { ($0.value.updatedAt, $0.value.id) < ($1.value.updatedAt, $1.value.id) }
            .prefix(max(0, revoked.count + 1 - remembered)).map {
                .delete(key: Record.binding($0.value).key, kind: .binding, expects: .revision($0.revision))
            }
    }

    /// Data of another branch may lack a user that there should be, or have one that was removed.
    private mutating func renew(
        _ binding: Revised<BindingRecord>, of instance: ServiceInstanceRecord,
        using generator: inout some RandomNumberGenerator
    ) {
        guard binding.value.user != nil, let applied = binding.value.appliedTo, let place = view.place(of: instance),
            applied != place
        else { return }
        let isRevoked = binding.value.state == .revoked
        change(.bindingRenew, binding, nil, of: instance, using: &generator) {
            $0.state = isRevoked ? .unbinding(.random(using: &$1)) : .renewing(.random(using: &$1))
        }
    }

    private mutating func change<Generator: RandomNumberGenerator>(
        _ name: ControllerEffectName, _ binding: Revised<BindingRecord>, _ told: (EventName, String)?,
        of instance: ServiceInstanceRecord, and more: [RecordWrite] = [], using generator: inout Generator,
        _ change: (inout BindingRecord, inout Generator) -> Void
    ) {
        var next = binding.value
        change(&next, &generator)
        next.updatedAt = now
        let news = told.map {
            event($0.0, app: instance.workload, subject: instance.name.description, $0.1, using: &generator)
        }
        let writes = [.put(.binding(next), expects: .revision(binding.revision)), news].compactMap(\.self) + more
        add(name, "binding/\(next.id)", writes, for: .service(instance.id))
    }

    /// What the end of a job means for its instance.
    ///
    /// - Parameters:
    ///   - state: complete, or failed.
    ///   - isUndone: its workload is as it was before.
    func settled(
        _ job: JobRecord, _ state: JobState, isUndone: Bool = false, using generator: inout some RandomNumberGenerator
    ) -> [RecordWrite] {
        guard let record = job.instance.flatMap({ view.instances[$0] }), record.value.operation.job == job.id,
            record.value.operation.state == .inProgress, record.value.operation.kind != .delete
        else { return [] }
        var next = record.value
        next.updatedAt = now
        next.operation.updatedAt = now
        let told: (EventName, String)
        if case .failed(let error) = state {
            next.operation.state = .failed(error)
            if isUndone, let before = next.operation.before { next.goBack(to: before) }
            told = (.serviceFailed, error.message)
        } else {
            next.operation.state = .succeeded
            next.isFounded = true
            told = (.serviceReady, next.operation.kind == .create ? "is ready" : "is as it was changed")
        }
        next.operation.before = nil
        return [
            .put(.instance(next), expects: .revision(record.revision)),
            event(told.0, app: next.workload, subject: next.name.description, told.1, using: &generator),
        ]
    }
}

extension ServiceInstanceRecord {
    fileprivate mutating func goBack(to before: ServiceBefore) {
        release = before.release
        plan = before.plan
        parameters = before.parameters
        wishes = before.wishes
    }
}
