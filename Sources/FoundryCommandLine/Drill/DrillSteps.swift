import FoundryClient
import FoundryEffects
import FoundryModel

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What is done to an instance, in this order. Each throws when it does not come out as it must, and says in words what was seen.
enum DrillStep: String, CaseIterable, Sendable {
    case provision, bind
    case write = "write and read"
    case kill = "kill -9 the engine"
    case killOurs = "kill -9 all of ours"
    case restart
    case disk = "fill and grow the disk"
    case rotate = "rotate a key"
    case rewind = "snapshot and rewind"
    case unbind, deprovision

    /// Left out by `--short`.
    var isLong: Bool {
        switch self {
        case .killOurs, .disk, .rewind: true
        case .provision, .bind, .write, .kill, .restart, .rotate, .unbind, .deprovision: false
        }
    }
}

/// Thrown by a step that has nothing to try; it is no failure.
struct DrillWithout: Error {
    let says: String
}

/// The steps of one plan.
struct DrillSteps: Sendable {
    private static let records = 200
    /// So long records are written while the engine is killed, as fast as it was with those before; at most so many.
    private static let writingWhileKilled: Int64 = 10_000
    private static let recordsWhileKilled: ClosedRange<Int64> = 50...5_000
    private static let overlap: Int64 = 6
    private static let refusalLimit: Int64 = 30_000
    private static let createLimit = Duration.seconds(400)
    /// Of a disk that is filled; larger plans are made with a disk of this size.
    static let largestDisk: Int64 = 1 << 30

    private let platform: DrillPlatform
    private let release: ReleaseSummary
    private let plan: ReleasePlanSummary
    /// The release's directory `drill`.
    private let drill: String
    private let name: String
    private var instance: DrillInstance?
    private var one: [String: WireValue] = [:]
    private var two: [String: WireValue] = [:]
    /// Its members, as they were last: what must be gone.
    private var members: [MemberSummary] = []
    /// What `records` took.
    private var writingTime: Int64 = 1

    init(_ platform: DrillPlatform, _ release: ReleaseSummary, _ plan: ReleasePlanSummary, drill: String) {
        self.platform = platform
        self.release = release
        self.plan = plan
        self.drill = drill
        name = "drill-\(plan.name)"
    }

    /// - Returns: what was seen.
    mutating func run(_ step: DrillStep) async throws -> String {
        switch step {
        case .provision: try await provision()
        case .bind: try await bind()
        case .write: try await write()
        case .kill: try await kill()
        case .killOurs: try await killOurs()
        case .restart: try await restart()
        case .disk: try await disk()
        case .rotate: try await rotate()
        case .rewind: try await rewind()
        case .unbind: try await unbind()
        case .deprovision: try await deprovision()
        }
    }

    /// Takes away what a failed drill left.
    mutating func abandon() async {
        _ = try? await platform.attempt(["delete-service", name, "-f"], limit: Self.createLimit)
        try? await instance?.container.remove()
        instance = nil
    }

    private func made() throws(DrillFailure) -> DrillInstance {
        guard let instance else { throw DrillFailure("there is no instance") }
        return instance
    }

    private mutating func provision() async throws -> String {
        var words = ["create-service", release.name, plan.name, name, "--timeout", "360s"]
        if let disk = plan.disk, disk > Self.largestDisk { words += ["--disk", "\(Self.largestDisk >> 20)M"] }
        try await platform.foundry(words, limit: Self.createLimit)
        let service = try await platform.ask(ServiceInstanceAnswer.self, ["service", name])
        guard service.lastOperation.state == "succeeded" else {
            throw DrillFailure("its last operation is \(ServiceWords.operation(service.lastOperation))")
        }
        let (paths, configuration) = (try platform.paths(), try platform.configuration())
        let image = try DrillImage(digest: release.image.digest, paths: paths, configuration: configuration)
        let container = try await DrillContainer.make(
            in: "\(platform.place)/\(name)", image: image, drill: drill)
        instance = DrillInstance(platform: platform, container: container, plan: plan, name: name)
        members = service.foundry.members
        return "\(plan.members) \(plan.members == 1 ? "member" : "members")"
    }

    private mutating func bind() async throws -> String {
        let instance = try made()
        for key in ["one", "two"] { try await platform.foundry(["create-service-key", name, key]) }
        one = try await instance.credentials("one")
        two = try await instance.credentials("two")
        guard release.hasUsers else { return "without users" }
        guard one != two else { throw DrillFailure("two keys have the same credentials") }
        return "two users"
    }

    private mutating func write() async throws -> String {
        var instance = try made()
        let began = SystemClock.monotonic()
        let count = try await instance.write(Self.records, with: one)
        writingTime = max(1, SystemClock.monotonic() - began)
        self.instance = instance
        try await check(instance, "the second user")
        return "\(count) records, read by \(release.hasUsers ? "the second user" : "the second key")"
    }

    private func check(_ instance: DrillInstance, _ who: String) async throws {
        let (found, why) = try await instance.read(with: two)
        guard let found else { throw DrillFailure("\(who) cannot read: \(why)") }
        try instance.records.check(found)
    }

    /// While records are written.
    private mutating func kill() async throws -> String {
        var instance = try made()
        let before = try await instance.service().foundry.members
        let leading = before.first { ["leader", "primary"].contains($0.role) } ?? before.first
        guard let member = leading, let pid = member.pid else { throw DrillFailure("the engine has no process") }
        let numbers = instance.records.take(Self.whileKilled(writingTime))
        let (writing, credentials) = (instance, one)
        async let output = writing.send(numbers, with: credentials)
        // Some are to be written before, which is not told while it writes: half of what as many took.
        try await SystemClock.sleep(.milliseconds(min(max(writingTime / 2, 500), 4_000)))
        guard Self.signal(pid) else { throw DrillFailure("process \(pid) cannot be killed: errno \(errno)") }
        let acknowledged = try instance.accept(try await output, of: numbers, mayBreak: true)
        endProcess(&instance)
        let time = try await instance.awaitHealth(with: two) { service in
            service.foundry.members.contains { $0.guid == member.guid && $0.pid != pid && $0.pid != nil }
        }
        try await writeAgain(&instance)
        members = try await instance.service().foundry.members
        return "\(member.name)\(member.role.map { ", \($0)," } ?? "") after \(acknowledged) records; back after "
            + "\(DrillReport.seconds(time)) s"
    }

    /// What a plan without a disk holds ends with its process; with a disk nothing does.
    private mutating func endProcess(_ instance: inout DrillInstance) {
        if plan.disk == nil { instance.records.end() }
        self.instance = instance
    }

    private mutating func writeAgain(_ instance: inout DrillInstance) async throws {
        try await instance.write(Self.records, with: one)
        self.instance = instance
        try await check(instance, "the second user")
    }

    /// A client that waits for the engine to come back writes all of them.
    ///
    /// - Parameter time: that `records` took.
    static func whileKilled(_ time: Int64) -> Int {
        let count = Int64(records) * writingWhileKilled / time
        return Int(min(max(count, recordsWhileKilled.lowerBound), recordsWhileKilled.upperBound))
    }

    private static func signal(_ pid: Int32) -> Bool {
        #if canImport(Glibc)
        Glibc.kill(pid, SIGKILL) == 0
        #else
        Musl.kill(pid, SIGKILL) == 0
        #endif
    }

    private mutating func killOurs() async throws -> String {
        var instance = try made()
        let count = try platform.killAll()
        try await platform.up()
        let time = try await instance.awaitHealth(with: two)
        try await writeAgain(&instance)
        return "\(count) daemons; all is read back after \(DrillReport.seconds(time)) s"
    }

    private mutating func restart() async throws -> String {
        var instance = try made()
        endProcess(&instance)
        try await platform.foundry(["restart", name, "--timeout", "180s"], limit: .seconds(200))
        let time = try await instance.awaitHealth(with: two)
        try await writeAgain(&instance)
        members = try await instance.service().foundry.members
        return plan.disk == nil
            ? "it serves after \(DrillReport.seconds(time)) s, what it held is gone"
            : "all is read back after \(DrillReport.seconds(time)) s"
    }

    /// A file takes all the room; the disk grows; the file goes.
    private mutating func disk() async throws -> String {
        var instance = try made()
        guard plan.disk != nil else { throw DrillWithout(says: "the plan has no disk") }
        let service = try await instance.service()
        guard let size = service.foundry.disk else { throw DrillFailure("the instance has no disk") }
        let mount = try await platform.ask(AppSummary.self, ["app", name]).mounts.first
        guard let mount else { throw DrillFailure("its disk is mounted nowhere") }
        // Zeros until nothing more goes in; that it ends by failing is what is wanted.
        let fill = "head -c \(size) /dev/zero >'\(mount)/drill-fill'; test -s '\(mount)/drill-fill'"
        for member in service.foundry.members {
            let words = ["exec", name, "--instance", "\(member.index)", "--", "/bin/sh", "-c", fill]
            try await platform.foundry(words, limit: .seconds(300))
        }
        // Whatever the engine says to these: what it acknowledges counts.
        let numbers = instance.records.take(Self.records)
        let acknowledged = try instance.accept(
            try await instance.send(numbers, with: one), of: numbers, mayBreak: true)
        self.instance = instance
        let larger = (size >> 20) * 3 / 2
        try await platform.foundry(
            ["update-service", name, "--disk", "\(larger)M", "--yes", "--timeout", "300s"], limit: .seconds(330))
        for member in service.foundry.members {
            try await platform.foundry(
                ["exec", name, "--instance", "\(member.index)", "--", "rm", "\(mount)/drill-fill"])
        }
        let time = try await instance.awaitHealth(with: two) { $0.foundry.disk == larger << 20 }
        try await instance.write(Self.records, with: one)
        self.instance = instance
        return "\(acknowledged) of \(Self.records) records while full; \(ByteCount(bytes: size)) -> "
            + "\(ByteCount(bytes: larger << 20)), all is read back after \(DrillReport.seconds(time)) s"
    }

    private mutating func rotate() async throws -> String {
        let instance = try made()
        guard release.hasUsers else { throw DrillWithout(says: "the release has no users") }
        let before = two
        try await platform.foundry(["rotate-service-key", name, "two", "--overlap", "\(Self.overlap)s"])
        let after = try await instance.credentials("two")
        guard after != before else { throw DrillFailure("the key has the credentials that it had") }
        // Asked first: they are valid for some seconds only.
        guard try await instance.read(with: before).records != nil else {
            throw DrillFailure("the credentials from before are refused during the overlap")
        }
        two = after
        try await check(instance, "the new user")
        try await instance.awaitRefusal(of: before, limit: Self.overlap * 1000 + Self.refusalLimit)
        try await check(instance, "the new user")
        return "both for \(Self.overlap) s, then the new one"
    }

    private mutating func rewind() async throws -> String {
        var instance = try made()
        guard plan.disk != nil else { throw DrillWithout(says: "the plan has no disk") }
        guard plan.members == 1 else { throw DrillWithout(says: "a cluster is not rewound") }
        try await platform.foundry(["snapshot", name, "--name", "drill"])
        let kept = instance.records
        let later = try await instance.write(Self.records, with: one)
        try await platform.foundry(
            ["rewind", name, "--to", "drill", "--yes", "--timeout", "300s"], limit: .seconds(330))
        instance.records.rewind(to: kept)
        self.instance = instance
        let time = try await instance.awaitHealth(with: two)
        try await instance.write(Self.records, with: one)
        self.instance = instance
        members = try await instance.service().foundry.members
        return "\(later) later records are gone, the others there after \(DrillReport.seconds(time)) s"
    }

    private mutating func unbind() async throws -> String {
        let instance = try made()
        try await platform.foundry(["delete-service-key", name, "one", "-f"])
        guard release.hasUsers else { return "the release has no users: nobody is refused" }
        let (found, why) = try await instance.read(with: one)
        guard found == nil else { throw DrillFailure("the credentials of a deleted key still open it") }
        try await check(instance, "the other user")
        return "refused: \(why)"
    }

    private mutating func deprovision() async throws -> String {
        let instance = try made()
        members = try await instance.service().foundry.members + members
        let service = try await instance.service()
        try await platform.foundry(["delete-service", name, "-f", "--timeout", "120s"], limit: .seconds(140))
        try await DrillRemains(platform).check(service, members: members)
        try await instance.container.remove()
        self.instance = nil
        return "nothing remains"
    }
}
