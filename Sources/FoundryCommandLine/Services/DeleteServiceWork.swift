import FoundryClient
import FoundryModel

/// Deletes and renames service instances.
public struct DeleteServiceWork: Sendable {
    private let context: CommandContext

    public init(_ context: CommandContext) { self.context = context }

    /// - Parameter force: nobody is asked.
    /// - Throws: `service_in_use` while apps are bound to it; `usage` when the answer was no, or nobody could be asked.
    public func run(_ name: String, force: Bool) async throws {
        let instance = try await ServiceLookup(context.api).instance(name)
        if !force { try ask(instance) }
        let job = try await context.api.deleteService(instance.guid)
        if let job {
            try await context.follow(
                job, "delete", name,
                late: CommandContext.late("\(name) is not gone", "it goes on being deleted", hint: "foundry services"))
        }
        let isGone = context.limit != nil || job == nil
        try context.console.show(
            ["guid": instance.guid, "name": name, "state": isGone ? "deleted" : "deleting"], as: context.format
        ) {
            [
                "\(name) is \(isGone ? "deleted" : "being deleted")\(instance.foundry.disk == nil ? "" : ", with its data")."
            ]
        }
    }

    public func rename(_ name: String, to other: String) async throws {
        let instance = try await ServiceLookup(context.api).instance(name)
        let job = try await context.api.updateService(instance.guid, ServiceInstanceBody(name: other))
        if let job {
            try await context.follow(
                job, "rename", name, late: CommandContext.late("\(name) is not renamed", hint: "foundry services"))
        }
        try context.console.show(try await context.api.serviceInstance(instance.guid), as: context.format) {
            ["\(name) is called \(other) now"]
        }
    }

    private func ask(_ instance: ServiceInstanceAnswer) throws(FoundryError) {
        let name = instance.name
        let keys = instance.foundry.bindings.count
        let what = ServiceWords.lost(instance)
        guard Prompt.isPossible, context.format == .table else {
            throw FoundryError(
                .usage, "This deletes \(name)\(what) for good, and nobody can be asked here.",
                hint: "foundry delete-service \(name) -f")
        }
        let bindings = keys == 0 ? "" : " \(keys == 1 ? "A binding is" : "\(keys) bindings are") refused from then on."
        let prompt = Prompt(context.console)
        let question = "This deletes \(name)\(what) for good.\(bindings)"
        let isMeant =
            what.isEmpty
            ? prompt.confirm("\(question) Go on?")
            : prompt.confirm("\(question) Type the service's name to go on:", byTyping: name)
        guard isMeant else { throw FoundryError(.usage, "Nothing was deleted.") }
    }
}

/// Parts of sentences about instances.
enum ServiceWords {
    /// `, with its disk of 1 GiB`; empty without data.
    static func lost(_ instance: ServiceInstanceAnswer) -> String {
        guard let disk = instance.foundry.disk else { return "" }
        let count = instance.foundry.members.count
        let size = ByteCount(bytes: disk)
        return count > 1 ? ", with its \(count) disks of \(size)" : ", with its disk of \(size)"
    }

    /// `create in progress`
    static func operation(_ operation: LastOperation) -> String { "\(operation.type) \(operation.state)" }
}
