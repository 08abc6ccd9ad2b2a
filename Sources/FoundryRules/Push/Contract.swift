import FoundryModel

/// What an app is promised, in plain words, before anything is made.
public enum Contract {
    /// - Parameter route: nil: nobody reaches it through the platform.
    /// - Returns: the sentences in the order in which they are printed.
    public static func sentences(
        for spec: WorkloadSpec, route: RouteRecord?, configuration: PlatformConfiguration
    ) -> [ContractSentence] {
        ends(of: spec, configuration.restart) + losses(of: spec)
            + (spec.disk.map { DiskContract(disk: $0, spec: spec).sentences + data(of: $0, spec, configuration) } ?? [])
            + memory(of: spec) + instances(of: spec, isReached: route != nil, configuration)
            + (route.map { [reach(of: $0, configuration.routes)] } ?? [])
            + [ContractSentence(clause: .membersApart, text: "Members of other apps cannot reach it.")]
    }

    /// What happens when its process, or the platform's, ends or falls silent.
    private static func ends(of spec: WorkloadSpec, _ limits: RestartLimits) -> [ContractSentence] {
        var sentences = [
            ContractSentence(
                clause: .crashRestarts,
                text:
                    "When its process ends, it is started again\(spec.disk == nil ? "" : " on the same data"): after \(duration(limits.firstDelayMilliseconds)) at first, then after pauses that double up to \(duration(limits.longestDelayMilliseconds))."
            ),
            ContractSentence(
                clause: .crashGivesUp,
                text:
                    "After \(limits.endsUntilCrashed) ends in a row it counts as crashed, says why, and is tried every \(duration(limits.crashedDelayMilliseconds))."
            ),
        ]
        sentences += HealthContract(spec: spec).sentences
        return sentences + [
            ContractSentence(
                clause: .memoryLimit, text: "Past \(spec.memory) of memory its process is killed and started again."),
            ContractSentence(
                clause: .platformDies, text: "When the platform itself dies or is restarted, it runs on, undisturbed."),
        ]
    }

    /// What happens when its machine is gone, or out of touch.
    private static func losses(of spec: WorkloadSpec) -> [ContractSentence] {
        let lost =
            switch spec.restartPolicy {
            case .consistent:
                ContractSentence(
                    clause: .machineLostWaits,
                    text:
                        "When its machine is lost, it waits for that machine: there is no second copy\(spec.disk == nil ? "" : ", and its data is never guessed")."
                )
            case .available:
                ContractSentence(
                    clause: .availableWaitsWithoutReplica,
                    text:
                        "When its machine is lost, it waits for that machine, like a consistent one: there is no replica that could take over."
                )
            }
        return [lost] + elsewhere(spec.recovery) + [
            ContractSentence(
                clause: .partitionRunsOn,
                text:
                    "When the machine loses touch with the control plane, it runs on: nothing of the platform stops it."
            )
        ]
    }

    /// What has to be known before another machine takes its place.
    private static func elsewhere(_ recovery: RecoverySpec) -> [ContractSentence] {
        var sentences: [ContractSentence] = []
        switch recovery.fence {
        case .session: break
        case .power:
            sentences.append(
                ContractSentence(
                    clause: .fenceByPower,
                    text:
                        "No other copy of it starts before its own cell gives it up, or a fence device, or a person, says that its machine is off."
                ))
        case .person:
            sentences.append(
                ContractSentence(
                    clause: .fenceByPerson,
                    text: "No other copy of it starts before a person says that its machine is off."))
        }
        if recovery.whenLost == .empty {
            sentences.append(
                ContractSentence(
                    clause: .beginsAnewEmpty,
                    text: "When no copy of it is left in reach, it begins anew on another machine, empty."))
        }
        return sentences
    }

    private static func data(
        of disk: DiskSpec, _ spec: WorkloadSpec, _ configuration: PlatformConfiguration
    ) -> [ContractSentence] {
        [
            ContractSentence(
                clause: .neverEmpty,
                text:
                    "If its volume is missing, empty, older than it was, or another's, it is not started; nothing is written over it."
            ),
            ContractSentence(
                clause: .diskLimit,
                text: "Its disk holds \(disk.size); past that its writes fail, and no neighbour notices."),
            ContractSentence(
                clause: .stopKeeps,
                text:
                    "Stop and start keep its data; it has \(duration(CellMachine.stopGraceMilliseconds)) to end by itself before it is killed."
            ),
            ContractSentence(
                clause: .deleteKeeps,
                text: spec.service == nil
                    ? "Delete keeps its volume for \(configuration.volumeGraceDays) days, unless --purge says otherwise."
                    : "Delete takes its data with it, at once and for good."
            ),
        ]
    }

    private static func memory(of spec: WorkloadSpec) -> [ContractSentence] {
        if !spec.ephemeralPaths.isEmpty {
            let paths = spec.ephemeralPaths.joined(separator: ", ")
            return [
                ContractSentence(
                    clause: .memoryOnly,
                    text: "\(paths) lives in memory: what is written there is lost whenever its process ends.")
            ]
        }
        guard spec.disk == nil else { return [] }
        return [
            ContractSentence(
                clause: .nothingKept, text: "It keeps nothing: each start begins with the image as it was built.")
        ]
    }

    private static func instances(
        of spec: WorkloadSpec, isReached: Bool, _ configuration: PlatformConfiguration
    ) -> [ContractSentence] {
        guard spec.instances > 1 else { return [] }
        let isCluster = spec.service?.cluster != nil
        let count = "It has \(spec.instances) members that know \(isCluster ? "each other" : "nothing of each other")"
        let disk = spec.disk == nil ? "" : ", each with a disk of its own, of which all this is said"
        let reach = isReached ? " A connection may reach any of them that serves." : ""
        let apart = ContractSentence(clause: .instancesApart, text: "\(count)\(disk).\(reach)")
        guard spec.disk != nil else { return [apart] }
        return [
            apart,
            ContractSentence(
                clause: .fewerInstancesKeep,
                text: isCluster ? parting(spec, configuration) : stopping(configuration)),
        ]
    }

    private static func stopping(_ configuration: PlatformConfiguration) -> String {
        "With fewer members the last are stopped, and their disks are kept for \(configuration.volumeGraceDays) days: a member of the same number goes on with its own."
    }

    private static func parting(_ spec: WorkloadSpec, _ configuration: PlatformConfiguration) -> String {
        guard spec.takesLeave else { return "It cannot have fewer members." }
        return
            "With fewer members the last leave the others one by one, and are stopped. Their disks are kept for \(configuration.volumeGraceDays) days, and no other member takes them."
    }

    private static func reach(of route: RouteRecord, _ routes: RouteConfiguration) -> ContractSentence {
        switch route.scope {
        case .loopback:
            return ContractSentence(
                clause: .reachedFromHere, text: "It is reached at 127.0.0.1:\(route.port), from this machine only.")
        case .public:
            let address = routes.publicRange?.address ?? "0.0.0.0"
            return ContractSentence(
                clause: .reachedFromOutside,
                text: "It is reached at \(address):\(route.port), by everybody who reaches this machine.")
        }
    }

    static func duration(_ milliseconds: Int64) -> String {
        if milliseconds >= 60_000, milliseconds % 60_000 == 0 { return "\(milliseconds / 60_000) min" }
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }
}
