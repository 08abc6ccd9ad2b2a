import FoundryClient
import FoundryModel

/// Answers of a server, with little that matters, to be changed by tests.
enum Sample {
    static let begin = Timestamp(millisecondsSince1970: 1_795_000_000_000)

    static func time(_ secondsAfterBegin: Int64) -> WireTime { WireTime(begin + secondsAfterBegin * 1000) }

    static let image = ImageName(reference: "redis/redis", name: "redis:7", source: "bundled", digest: "sha256:0a")

    static func route(_ port: Int = 20_000) -> RouteSummary {
        RouteSummary(guid: "r1", scope: "loopback", host: "127.0.0.1", port: port, targetPort: 6379, isServing: true)
    }

    static func member(
        _ phase: String = "healthy", index: Int = 0, restarts: Int = 0, lastExit: MemberExitSummary? = nil
    ) -> MemberSummary {
        MemberSummary(
            guid: "m1", name: "demo/\(index)", index: index, cell: "c1", phase: phase, since: time(10),
            restarts: restarts,
            reason: nil, nextTry: nil,
            refusal: nil, lastExit: lastExit, address: "10.77.3.2", startedAt: time(9), pid: 4711,
            volume: volume(index: index))
    }

    static func volume(_ phase: String = "held", index: Int = 0, keptUntil: WireTime? = nil) -> VolumeSummary {
        VolumeSummary(
            guid: "0badcafe-1", app: "a1", appName: "demo", index: index, cell: "c1", size: 100 << 20, used: 5 << 20,
            phase: phase,
            holder: "m1",
            keptUntil: keptUntil, isMade: true, isMounted: true, lineage: "l1", branch: 1, epoch: 3, refusal: nil,
            createdAt: time(0))
    }

    static func app(
        _ name: String = "demo", state: String = "running", desired: String = "started", route: RouteSummary? = route(),
        instances: Int = 1, members: [MemberSummary] = [member()]
    ) -> AppSummary {
        AppSummary(
            guid: "a1", name: name, desired: desired, state: state, image: image, instances: instances,
            memory: 256 << 20, cpuMillicores: 500,
            disk: 100 << 20,
            mounts: ["/data"], ephemeralPaths: [], environmentNames: ["A"], restartPolicy: "consistent",
            policy: PolicySummary(diskSync: "normal", ioPerformance: "max"), generation: 1,
            createdAt: time(0),
            updatedAt: time(0), route: route, members: members)
    }

    static func planned(_ name: String = "demo", action: String = "create") -> PlannedApp {
        PlannedApp(
            name: name, action: action, image: image,
            alias: AliasSummary(
                alias: "redis/redis", name: "redis:7", isPresent: true, engine: "Redis", version: "7.0.15"),
            memory: 256 << 20, cpuMillicores: 1000, disk: 100 << 20, mounts: ["/data"], ephemeralPaths: [],
            restartPolicy: "consistent", policy: PolicySummary(diskSync: "normal", ioPerformance: "max"),
            route: route(),
            contract: [ContractLine(id: "crash-restarts", text: "If its process ends, it is started again.")])
    }

    static func event(
        _ kind: EventName, _ guid: String, at seconds: Int64, _ message: String = "so it is"
    ) -> EventSummary {
        EventSummary(
            guid: guid, time: time(seconds), kind: kind.rawValue, app: "a1", subject: "demo/0", message: message,
            actor: "c1")
    }

    static func logLine(_ text: String, at seconds: Int64, stream: String = "stdout") -> LogLine {
        LogLine(time: time(seconds), member: "demo/0", stream: stream, text: text)
    }
}
