import FoundryModel

/// What an app is promised, in plain words, before anything is made.
public enum Contract {
    /// - Parameter route: nil: nobody reaches it through the platform.
    /// - Returns: the sentences in the order in which they are printed.
    public static func sentences(
        for spec: WorkloadSpec, route: RouteRecord?, configuration: PlatformConfiguration
    ) -> [ContractSentence] {
        clauses(for: spec, route: route).map { clause in
            ContractSentence(clause: clause, text: text(clause, spec, route, configuration))
        }
    }

    static func clauses(for spec: WorkloadSpec, route: RouteRecord?) -> [ContractClause] {
        var clauses: [ContractClause] = [.crashRestarts, .crashGivesUp]
        if spec.health.port != nil { clauses.append(.silenceRestarts) }
        clauses += [.memoryLimit, .platformDies]
        clauses.append(spec.restartPolicy == .consistent ? .machineLostWaits : .availableWaitsWithoutReplica)
        clauses.append(.partitionRunsOn)
        if spec.disk != nil { clauses += [.syncNormal, .neverEmpty, .diskLimit, .stopKeeps, .deleteKeeps] }
        if !spec.ephemeralPaths.isEmpty {
            clauses.append(.memoryOnly)
        } else if spec.disk == nil {
            clauses.append(.nothingKept)
        }
        if let route { clauses.append(route.scope == .loopback ? .reachedFromHere : .reachedFromOutside) }
        return clauses + [.membersApart]
    }

    private static func text(
        _ clause: ContractClause, _ spec: WorkloadSpec, _ route: RouteRecord?, _ configuration: PlatformConfiguration
    ) -> String {
        let limits = configuration.restart
        return switch clause {
        case .crashRestarts:
            "When its process ends, it is started again\(spec.disk == nil ? "" : " on the same data"): after \(duration(limits.firstDelayMilliseconds)) at first, then after pauses that double up to \(duration(limits.longestDelayMilliseconds))."
        case .crashGivesUp:
            "After \(limits.endsUntilCrashed) ends in a row it counts as crashed, says why, and is tried every \(duration(limits.crashedDelayMilliseconds))."
        case .silenceRestarts:
            "When it answers no connection on port \(spec.health.port.map(String.init) ?? "-") \(spec.health.failuresAllowed) times in a row, \(duration(spec.health.intervalMilliseconds)) apart, it is restarted; a start may take \(duration(spec.health.startPeriodMilliseconds))."
        case .memoryLimit: "Past \(spec.memory) of memory its process is killed and started again."
        case .platformDies: "When the platform itself dies or is restarted, it runs on, undisturbed."
        case .machineLostWaits:
            "When its machine is lost, it waits for that machine: there is no second copy\(spec.disk == nil ? "" : ", and its data is never guessed")."
        case .availableWaitsWithoutReplica:
            "When its machine is lost, it waits for that machine, like a consistent one: there is no replica that could take over."
        case .partitionRunsOn:
            "When the machine loses touch with the control plane, it runs on: nothing of the platform stops it."
        case .syncNormal:
            "What its program syncs is on the disk when the sync returns; a power cut loses only what was not synced."
        case .neverEmpty:
            "If its volume is missing, empty, older than it was, or another's, it is not started; nothing is written over it."
        case .memoryOnly:
            "\(spec.ephemeralPaths.joined(separator: ", ")) lives in memory: what is written there is lost whenever its process ends."
        case .nothingKept: "It keeps nothing: each start begins with the image as it was built."
        case .diskLimit:
            "Its disk holds \(spec.disk?.size ?? .zero); past that its writes fail, and no neighbour notices."
        case .stopKeeps:
            "Stop and start keep its data; it has \(duration(CellMachine.stopGraceMilliseconds)) to end by itself before it is killed."
        case .deleteKeeps:
            "Delete keeps its volume for \(configuration.volumeGraceDays) days, unless --purge says otherwise."
        case .reachedFromHere: "It is reached at 127.0.0.1:\(route?.port ?? 0), from this machine only."
        case .reachedFromOutside:
            "It is reached at \(configuration.routes.publicRange?.address ?? "0.0.0.0"):\(route?.port ?? 0), by everybody who reaches this machine."
        case .membersApart: "Members of other apps cannot reach it."
        }
    }

    private static func duration(_ milliseconds: Int64) -> String {
        if milliseconds >= 60_000, milliseconds % 60_000 == 0 { return "\(milliseconds / 60_000) min" }
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }
}
