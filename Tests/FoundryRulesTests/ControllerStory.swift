import FoundryModel
import FoundryRules

/// A story of the controller. Its transactions are committed at once; each is told with its writes: `new` expects that there was none before, `gone` removes.
///
///     > TIME push demo [disk=100M] | start demo | stop demo | restart demo | delete demo [purge]
///     > TIME cell [follows=REVISION] demo=healthy volume:demo=e1/mounted
///     > TIME router | tick | restart | orders | routes | why demo
///
/// A member's generation is its app's unless it is named, as in `demo=stopped.1`. A volume lies with `/mounted`, `/sealed`, `/foreign`.
struct ControllerStory {
    private var bench = ControllerBench(report: false)
    private var words = ControllerStoryWords()

    static func retold(_ text: String) throws -> String {
        var story = ControllerStory()
        return try StoryFolder.retell(text) { try story.play($0) }
    }

    private mutating func play(_ line: [String]) throws -> [String] {
        guard line.count >= 2, let time = Int64(line[0]) else { throw StoryFolder.Unreadable("\(line)") }
        bench.now = time
        let rest = Array(line.dropFirst(2))
        switch line[1] {
        case "push": return told(try push(rest))
        case "start": return told(try bench.start(try name(rest)))
        case "stop": return told(try bench.stop(try name(rest)))
        case "restart" where rest.isEmpty: return told(bench.restart())
        case "restart": return told(try bench.restart(try name(rest)))
        case "delete": return told(try bench.delete(try name(rest), purge: rest.contains("purge")))
        case "cell": return told(try cell(rest))
        case "router": return told(bench.route())
        case "tick": return told(bench.tell(.tick))
        case "orders": return orders()
        case "routes": return bench.view.routerOrders().routes.map(words.route)
        case "why": return try why(try name(rest))
        case "wake":
            return [
                "wakes at \(bench.machine.nextWake(now: bench.moment).map { CellStoryWords.time(Samples.start + ($0 - Samples.moment().monotonic)) } ?? "no time")"
            ]
        default: throw StoryFolder.Unreadable("\(line)")
        }
    }

    private mutating func told(_ effects: [ControllerEffect]) -> [String] {
        words.learn(bench.view)
        return effects.flatMap { effect in [effect.name.rawValue] + effect.writes.map { "  \(words.write($0))" } }
    }

    private mutating func push(_ rest: [String]) throws -> [ControllerEffect] {
        let disk = rest.first { $0.hasPrefix("disk=") }.map { String($0.dropFirst(5)) }
        let request = PushRequest(name: try name(rest), image: "redis", disk: disk, memory: "64M")
        return try bench.push(request, image: Samples.image(volumes: disk == nil ? [] : ["/data"]))
    }

    private mutating func cell(_ rest: [String]) throws -> [ControllerEffect] {
        var (members, volumes, follows) = ([MemberStatus](), [VolumeStatus](), Int64?.none)
        for word in rest {
            let sides = word.split(separator: "=").map(String.init)
            guard sides.count == 2 else { throw StoryFolder.Unreadable(word) }
            if sides[0] == "follows" {
                follows = Int64(sides[1])
            } else if sides[0].hasPrefix("volume:") {
                volumes.append(try volume(String(sides[0].dropFirst(7)), sides[1]))
            } else {
                members.append(try member(sides[0], sides[1]))
            }
        }
        return bench.cell(members, volumes: volumes, follows: follows)
    }

    private func member(_ name: String, _ text: String) throws -> MemberStatus {
        let parts = text.split(separator: ".").map(String.init)
        let phases: [String: MemberPhase] = [
            "preparing": .preparing, "starting": .starting, "healthy": .healthy, "unhealthy": .unhealthy,
            "unready": .unready,
            "stopping": .stopping,
            "stopped": .stopped, "waiting": .waiting(nextTry: bench.wall + 100),
            "crashed": .crashed(nextTry: bench.wall + 300_000),
            "refused": .refused(FoundryError(.volumeOlder, "Volume demo/0 is older.", hint: "foundry volumes")),
        ]
        guard let phase = phases[parts[0]] else { throw StoryFolder.Unreadable(text) }
        var status = try bench.status(name, phase, generation: parts.count > 1 ? Int(parts[1]) : nil)
        if parts[0] == "waiting" || parts[0] == "crashed" {
            status.restarts = parts[0] == "crashed" ? 8 : 1
            status.lastExit = MemberExit(
                time: bench.wall, reason: "exited with status 1", status: 1, lastLines: ["out of luck"])
        }
        return status
    }

    private func volume(_ name: String, _ text: String) throws -> VolumeStatus {
        let parts = text.split(separator: "/").map(String.init)
        guard parts[0].hasPrefix("e"), let epoch = UInt64(parts[0].dropFirst()) else {
            throw StoryFolder.Unreadable(text)
        }
        if name == "stranger" {
            return VolumeStatus(id: VolumeID("stranger")!, label: nil, mounted: false, refusal: nil, used: nil)
        }
        return try bench.lying(
            name, epoch: epoch, sealed: parts.contains("sealed"), mounted: parts.contains("mounted"),
            foreign: parts.contains("foreign"))
    }

    private func orders() -> [String] {
        let orders = bench.view.cellOrders(for: Samples.cell, term: Term(1))
        return orders.members.map(words.order).sorted() + orders.volumes.map(words.order).sorted()
    }

    private func why(_ name: String) throws -> [String] {
        guard let app = AppName(name).flatMap({ bench.view.app(named: $0) }) else { throw StoryFolder.Unreadable(name) }
        return Why.explain(app.value.id, view: bench.view, router: bench.machine.routerReport).map { line in
            "\(line.subject) \(line.text)\(line.hint.map { " -> \($0)" } ?? "")"
        }
    }

    private func name(_ rest: [String]) throws -> String {
        guard let name = rest.first else { throw StoryFolder.Unreadable("a name is missing") }
        return name
    }
}
