import FoundryModel
import FoundryTestSupport

/// Makes values of every shape that is stored or sent, odd ones among them.
struct RandomValues {
    var random: Seeded

    init(seed: UInt64) { random = Seeded(seed) }

    mutating func flag() -> Bool { Bool.random(using: &random) }
    mutating func number(_ range: ClosedRange<Int> = 0...1_000_000) -> Int { Int.random(in: range, using: &random) }
    mutating func id<Kind>() -> Identifier<Kind> { .random(using: &random) }
    mutating func epoch() -> Epoch {
        flag() ? Epoch(UInt64(number(0...9))) : Epoch(UInt64.random(in: 0 ... .max, using: &random))
    }
    mutating func size() -> ByteCount { ByteCount(bytes: Int64.random(in: 0 ... .max, using: &random)) }
    mutating func time() -> Timestamp {
        Timestamp(millisecondsSince1970: Int64(number(-1_000_000...1_000_000_000)) * 1_999)
    }
    mutating func cpu() -> Millicores { Millicores(number(1...64_000)) }
    mutating func name() -> AppName { AppName("app-\(number())")! }

    mutating func text() -> String {
        let alphabet = Array("az09 -_/.:\"\\\n\t\u{0}\u{1f}é名😀\u{2028}")
        return String((0..<number(0...12)).map { _ in alphabet.randomElement(using: &random)! })
    }

    mutating func some<Value>(_ make: (inout Self) -> Value) -> Value? { flag() ? make(&self) : nil }
    mutating func list<Value>(_ make: (inout Self) -> Value) -> [Value] { (0..<number(0...3)).map { _ in make(&self) } }
    mutating func one<Value>(of values: [Value]) -> Value { values.randomElement(using: &random)! }

    mutating func error() -> FoundryError {
        FoundryError(one(of: ErrorCode.allCases), text(), detail: some { $0.text() }, hint: some { $0.text() })
    }

    mutating func image() -> ResolvedImage {
        let references = ["redis", "r.example:5000/team/name:7", "redis@sha256:" + String(repeating: "0a", count: 32)]
        return ResolvedImage(
            reference: ImageReference(parsing: one(of: references))!, name: text(),
            source: one(of: [.bundled, .registry]), manifestDigest: text(),
            layers: list { ImageLayer(digest: $0.text(), mediaType: $0.text(), size: $0.size(), diffID: $0.text()) },
            configuration: ImageConfiguration(
                entrypoint: list { $0.text() }, command: list { $0.text() }, environment: list { $0.text() },
                user: text(),
                workingDirectory: text(), volumes: list { $0.text() }, ports: list { $0.number(1...65_535) },
                stopSignal: text(), health: some { $0.imageCheck() }))
    }

    mutating func spec() -> WorkloadSpec {
        WorkloadSpec(
            image: image(), instances: number(1...9), memory: size(), cpu: cpu(),
            disk: some {
                DiskSpec(
                    size: $0.size(), mounts: $0.list { VolumeMount(directory: $0.text(), path: $0.text()) },
                    sync: $0.one(of: [.immediate, .normal, .deferred(milliseconds: 40)]),
                    io: $0.one(of: IOClass.allCases), tolerates: $0.flag() ? Tolerance.allCases : [])
            },
            ephemeralPaths: list { $0.text() },
            environment: Dictionary(list { ($0.text(), $0.text()) }, uniquingKeysWith: { first, _ in first }),
            targetPort: some { $0.number(1...65_535) }, restartPolicy: one(of: RestartPolicy.allCases),
            health: check(), readiness: some { $0.check() },
            recovery: RecoverySpec(
                fence: one(of: FenceLevel.allCases), whenLost: one(of: WhenLost.allCases), replicas: number(0...4),
                replication: one(of: ReplicationMode.allCases)), service: some { $0.serviceSpec() })
    }

    mutating func check() -> HealthCheck {
        HealthCheck(
            one(of: [
                .process, .port(number(1...65_535)), .http(port: number(1...65_535), path: text()),
                .command(list { $0.text() }), .engine(one(of: EngineProtocol.allCases), port: number(1...65_535)),
            ]), startPeriodMilliseconds: Int64(number()), intervalMilliseconds: Int64(number()),
            timeoutMilliseconds: Int64(number()), failuresAllowed: number(1...9))
    }

    mutating func imageCheck() -> ImageHealthCheck {
        ImageHealthCheck(
            command: list { $0.text() }, intervalMilliseconds: some { Int64($0.number()) },
            timeoutMilliseconds: some { Int64($0.number()) }, startPeriodMilliseconds: some { Int64($0.number()) },
            retries: some { $0.number() })
    }

    mutating func capacity() -> CellCapacity { CellCapacity(memory: size(), cpu: cpu(), disk: size()) }

    mutating func label() -> VolumeLabel {
        VolumeLabel(
            version: number(0...3), volume: id(), lineage: id(), branch: number(0...3), epoch: epoch(),
            role: one(of: [.holder, .replica]),
            sealed: flag(), machineID: text(), size: size())
    }

    mutating func exit() -> MemberExit {
        MemberExit(
            time: time(), reason: text(), status: some { Int32($0.number(-1...255)) }, lastLines: list { $0.text() })
    }

    mutating func memberPhase() -> MemberPhase {
        one(of: [
            .preparing, .starting, .healthy, .unhealthy, .unready, .stopping, .stopped, .waiting(nextTry: time()),
            .crashed(nextTry: time()), .refused(error()),
        ])
    }
}

extension RandomValues {
    mutating func app() -> AppRecord {
        AppRecord(
            id: id(), name: name(), spec: spec(), desired: one(of: [.started, .stopped, .deleted(purge: flag())]),
            generation: number(),
            createdAt: time(), updatedAt: time(), rollout: some { $0.rollout() }, placements: number())
    }

    mutating func rollout() -> Rollout {
        Rollout(
            previous: spec(), previousGeneration: number(),
            state: one(of: [.rolling, .goingBack(reason: text())]))
    }

    mutating func member() -> MemberRecord {
        MemberRecord(
            id: id(), app: id(), index: number(0...9), cell: id(), slot: number(2...254), volume: some { $0.id() },
            role: one(of: MemberRole.allCases), turn: number(), standsDown: flag(), pinned: some { $0.number() },
            leave: some { $0.one(of: [.asked($0.id()), .done]) })
    }

    mutating func volume() -> VolumeRecord {
        VolumeRecord(
            id: id(), app: id(), appName: name(), index: number(0...9), cell: id(), size: size(),
            directories: list { $0.text() }, lineage: id(), branch: number(0...9),
            epoch: epoch(), sealedAt: epoch(), isMade: flag(),
            phase: one(of: [
                .allotted, .held(by: id()), .sealed, .follows(id()), .forked(since: time()), .kept(until: time()),
                .purging,
            ]), createdAt: time(), incarnation: some { $0.id() },
            guardState: one(of: [.off, .ordered, .on(orderedAt: Int64(number()))]),
            replication: ReplicationState(waitsFor: list { $0.id() }, enforced: list { $0.id() }),
            origin: some { $0.origin() },
            source: some { SnapshotSource(snapshot: $0.id(), app: $0.id()) }, replaces: some { $0.id() },
            awaitsMember: flag())
    }

    mutating func route() -> RouteRecord {
        RouteRecord(
            id: id(), app: id(), scope: one(of: RouteScope.allCases), port: number(1...65_535),
            targetPort: number(1...65_535), createdAt: time())
    }

    mutating func cell() -> CellRecord {
        CellRecord(
            id: id(), zone: text(), capacity: capacity(), machineID: text(), bootID: text(),
            incarnation: some { $0.id() }, duty: one(of: CellDuty.allCases), trustsPause: flag(),
            power: list { $0.list { PowerDevice(name: $0.text(), isDrilled: $0.flag()) } })
    }

    mutating func job() -> JobRecord {
        JobRecord(
            id: id(), operation: one(of: [.applyManifest, .start, .stop, .restart, .delete]), app: id(),
            appName: name(), generation: number(),
            state: one(of: [.processing, .complete, .failed(error())]), createdAt: time(), updatedAt: time())
    }

    mutating func event() -> EventRecord {
        EventRecord(
            id: id(), time: time(), kind: one(of: EventName.allCases), app: some { $0.id() }, subject: text(),
            message: text(), actor: text())
    }

    mutating func status() -> MemberStatus {
        MemberStatus(
            id: id(), generation: number(), phase: memberPhase(), since: time(), restarts: number(),
            lastExit: some { $0.exit() }, address: text(),
            startedAt: some { $0.time() }, pid: some { Int32($0.number(1...99_999)) }, problem: some { $0.error() },
            complaint: some { $0.text() },
            replication: some { $0.replication() })
    }

    mutating func volumeStatus() -> VolumeStatus {
        VolumeStatus(
            id: id(), label: some { $0.label() }, mounted: flag(), refusal: some { $0.error() },
            used: some { $0.size() })
    }

    mutating func token() -> TokenRecord {
        TokenRecord(
            name: TokenName("t\(number())") ?? { preconditionFailure("a letter and digits are a name") }(),
            hash: text(),
            isReadOnly: flag(), createdAt: time(), createdBy: text(), expiresAt: some { $0.time() })
    }

    mutating func logDrain() -> LogDrainRecord {
        let target = LogDrainTarget("syslog-tls://h\(number()).example.org:\(number(1...65_535))")
        return LogDrainRecord(
            id: id(), app: id(), target: target ?? { preconditionFailure("a syslog server") }(), createdAt: time(),
            createdBy: text())
    }

    mutating func snapshot() -> SnapshotRecord {
        SnapshotRecord(
            id: id(), name: SnapshotName("s-\(number())")!, app: id(), appName: name(), index: number(0...9),
            volume: id(),
            cell: id(), lineage: id(), size: size(),
            state: one(of: [
                .asked, .removing,
                .taken(
                    SnapshotTaking(
                        takenAt: time(), pauseMilliseconds: some { Int64($0.number()) }, branch: number(),
                        epoch: epoch())),
            ]), createdAt: time(), createdBy: text(), madeFor: some { $0.id() })
    }

    mutating func snapshotStatus() -> SnapshotStatus {
        SnapshotStatus(
            id: id(),
            label: some {
                SnapshotLabel(
                    snapshot: $0.id(), source: $0.label(), takenAt: $0.time(),
                    pauseMilliseconds: $0.some { Int64($0.number()) })
            }, problem: some { $0.error() })
    }

    mutating func record(_ kind: RecordKind) -> Record {
        switch kind {
        case .app: .app(app())
        case .member: .member(member())
        case .volume: .volume(volume())
        case .route: .route(route())
        case .cell: .cell(cell())
        case .job: .job(job())
        case .event: .event(event())
        case .status: .status(status())
        case .volumeStatus: .volumeStatus(volumeStatus())
        case .term: .term(TermRecord(term: Term(UInt64(number())), since: time(), holder: some { $0.id() }))
        case .session: .session(session())
        case .fence: .fence(fence())
        case .cluster: .cluster(cluster())
        case .beat: .beat(BeatRecord(term: Term(UInt64(number())), count: UInt64(number())))
        case .token: .token(token())
        case .logDrain: .logDrain(logDrain())
        case .snapshot: .snapshot(snapshot())
        case .release: .release(release())
        case .instance: .instance(instance())
        case .binding: .binding(binding())
        case .brokerCredential: .brokerCredential(brokerCredential())
        case .names: .names(NamesRecord(given: UInt64(number())))
        }
    }
}

extension RandomValues {
    mutating func cellOrders() -> CellOrders {
        CellOrders(
            revision: Int64(number()), term: Term(UInt64(number())),
            members: list {
                MemberOrder(
                    id: $0.id(), app: $0.id(), name: $0.text(), generation: $0.number(), run: $0.flag(),
                    slot: $0.number(2...254), spec: $0.spec(),
                    volume: $0.some { $0.id() }, role: $0.one(of: MemberRole.allCases),
                    source: $0.some { $0.target() }, waitsFor: $0.list { $0.id() }, isGuarded: $0.flag(),
                    service: $0.some { $0.serviceOrder() }, bindings: $0.some { $0.boundServices() })
            },
            volumes: list {
                VolumeOrder(
                    id: $0.id(), lineage: $0.id(), branch: $0.number(0...9), epoch: $0.epoch(), size: $0.size(),
                    directories: $0.list { $0.text() },
                    purpose: $0.one(of: [
                        .keep, .delete, .make(from: $0.id()),
                        .serve($0.id(), sealedAt: $0.epoch(), mayCreate: $0.flag()),
                        .promote($0.id(), from: $0.origin()), .follow($0.id(), mayCreate: $0.flag()),
                    ]))
            }, session: some { $0.id() },
            fences: list { FenceOrder(fence: $0.id(), promises: $0.promises()) },
            execs: list { ExecOrder(ticket: $0.id(), member: $0.id()) },
            snapshots: list {
                SnapshotOrder(
                    id: $0.id(), volume: $0.id(), lineage: $0.id(), purpose: $0.one(of: [.take, .keep, .delete]))
            }, verbs: list { $0.verbOrder() })
    }

    mutating func cellReport() -> CellReport {
        CellReport(
            cell: id(), sequence: Int64(number()), ordersRevision: some { Int64($0.number()) },
            ordersTerm: some { Term(UInt64($0.number())) }, capacity: capacity(), machineID: text(),
            bootID: text(), members: list { $0.status() }, volumes: list { $0.volumeStatus() },
            session: some { $0.id() },
            words: list { FenceWord(fence: $0.id(), incarnation: $0.id(), promises: $0.promises()) },
            growsAtRest: some { $0.flag() }, snapshots: some { $0.list { $0.snapshotStatus() } },
            verbs: some { $0.list { $0.verbStatus() } })
    }

    mutating func routeOrder() -> RouteOrder {
        RouteOrder(
            scope: one(of: RouteScope.allCases), port: number(1...65_535),
            targets: list {
                RouteTarget(member: $0.id(), address: $0.text(), port: $0.number(1...65_535), epoch: $0.epoch())
            }, isKept: flag())
    }

    mutating func configuration() -> PlatformConfiguration {
        PlatformConfiguration(
            instance: text(), apiPort: number(), cellPort: number(), subnet: text(),
            routes: RouteConfiguration(
                firstPort: number(), lastPort: number(),
                publicRange: some {
                    PublicRouteRange(address: $0.text(), firstPort: $0.number(), lastPort: $0.number())
                }),
            pool: one(of: [.file(size: size()), .device(text()), .directory(text())]), bundledImages: text(),
            layers: text(),
            volumeGraceDays: number(), logFileSize: size(),
            restart: RestartLimits(
                firstDelayMilliseconds: Int64(number()), longestDelayMilliseconds: Int64(number()),
                endsUntilCrashed: number(),
                crashedDelayMilliseconds: Int64(number()), settledMilliseconds: Int64(number())), eventsKept: number(),
            jobsKept: number(), timing: one(of: [nil, .fast, .normal, .calm]))
    }
}
