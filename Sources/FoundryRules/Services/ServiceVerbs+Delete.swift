import FoundryModel

extension ServiceVerbs {
    /// The instance with its workload, its disks and its bindings. While it is still being made, that ends.
    ///
    /// - Parameter isForced: bindings of apps go with it; otherwise they keep it.
    /// - Throws: `service_in_use`; `service_busy` while an update goes on.
    public static func delete(
        _ instance: Revised<ServiceInstanceRecord>, isForced: Bool, view: PlatformView, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> ServiceAnswer<ServiceInstanceRecord> {
        let old = instance.value
        if old.operation.kind == .delete {
            return ServiceAnswer(
                subject: old, standing: .inProgress, job: old.operation.job, transactionName: "service.delete")
        }
        if old.operation.kind == .update { try refuseBusy(old) }
        let apps = view.bindings(of: old.id).compactMap(\.app).compactMap { view.apps[$0]?.value.name.description }
        guard isForced || apps.isEmpty else {
            throw FoundryError(
                .serviceInUse, "\(old.name) is bound to \(Set(apps).sorted().joined(separator: ", ")).",
                hint: "foundry unbind-service \(apps[0]) \(old.name)")
        }
        let app = try workload(old, view)
        var (next, going) = (old, app.value)
        going.desired = .deleted(purge: true)
        going.updatedAt = now
        let job = job(.deleteService, going, old.id, now, &generator)
        next.operation = ServiceOperation(kind: .delete, job: job.id, createdAt: now, updatedAt: now)
        next.updatedAt = now
        return ServiceAnswer(
            subject: next, standing: .begun, job: job.id,
            writes: [
                .put(.instance(next), expects: .revision(instance.revision)),
                .put(.app(going), expects: .revision(app.revision)), .put(.job(job), expects: .absent),
                event(.serviceDeleted, next, "is being deleted, with its data", now, &generator),
            ], transactionName: "service.delete")
    }
}
