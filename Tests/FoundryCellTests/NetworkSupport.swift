import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryCell

/// The member network of an installation of a test's own, removed whole afterwards.
struct NetworkGround: Sendable {
    private static let loopback = "127.0.0.1"
    let ground = Ground()
    let network: MemberNetwork

    init() async throws {
        let subnet = try await SubnetChoice.choose(instance: ground.paths.instance, command: Command())
        network = MemberNetwork(paths: ground.paths, subnet: subnet, command: Command())
    }

    /// As a cell that was started anew has it.
    func another() -> MemberNetwork {
        MemberNetwork(paths: ground.paths, subnet: network.subnet, command: Command())
    }

    /// Of the host, beside those of members and loopback.
    func hostAddresses() async throws -> [String] {
        let text = try await Command().run("hostname", ["-I"])
        return text.split(whereSeparator: \.isWhitespace).map(String.init).filter {
            $0.contains(".") && !$0.hasPrefix("\(network.subnet).")
        }
    }

    /// Holds a connection of a member to an echo on the host's port, and says a word over it before and after the body.
    ///
    /// - Returns: what came back before and after: `echo` or `silence`.
    func talking(
        _ address: String, _ port: Int, from slot: Int, _ body: () async throws -> Void
    ) async throws -> [String] {
        try HostFiles.makeDirectory(ground.paths.run)
        let (open, over) = ("\(ground.paths.run)/talk.open", "\(ground.paths.run)/talk.over")
        let server = """
            use IO::Socket::INET; $s = IO::Socket::INET->new(LocalPort => \(port), Listen => 9, ReuseAddr => 1) or die;
            $c = $s->accept; $c->autoflush(1); while (<$c>) { print $c $_ }
            """
        let client = """
            use IO::Socket::INET; use IO::Select; $| = 1;
            for (1..100) { $s = IO::Socket::INET->new(PeerAddr => "\(address):\(port)", Timeout => 1) and last; select undef, undef, undef, 0.1 }
            sub say_word { print $s "word\\n"; print IO::Select->new($s)->can_read(1) && <$s> ? "echo\\n" : "silence\\n" }
            $s->autoflush(1); say_word(); open $f, ">", "\(open)"; close $f;
            for (1..400) { last if -e "\(over)"; select undef, undef, undef, 0.05 } say_word();
            """
        let both = "perl -e \"$SERVER\" & server=$!; \"$@\" perl -e \"$CLIENT\"; kill $server"
        async let talk = Command().result(
            "sh", ["-c", both, "sh", "nsenter"] + enter(slot), environment: ["SERVER": server, "CLIENT": client],
            limit: .seconds(60))
        for _ in 0..<400 where !HostFiles.exists(open) { try await SystemClock.sleep(.milliseconds(50)) }
        try await body()
        try await Command().run("touch", [over])
        return try await talk.standardOutput.split(separator: "\n").map(String.init)
    }

    func cleaningUp(_ body: (MemberNetwork) async throws -> Void) async throws {
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(network)) } catch { outcome = .failure(error) }
        try await network.removeEverything()
        try HostFiles.removeTree(ground.paths.run)
        try outcome.get()
    }

    /// Lets the kernel forward what comes from these slots, as on a machine that is a router.
    func forward(_ slots: [Int]) async throws {
        for slot in slots {
            let setting = "/proc/sys/net/ipv4/conf/\(ground.paths.interface(slot))/forwarding"
            try await Command().run("sh", ["-c", "echo 1 > \(setting)"])
        }
    }

    /// Serves a greeting on a port of every address, in a member's namespace or on the host (nil), while the body runs. Leaving ends the server.
    func serving(_ port: Int, in slot: Int?, _ body: () async throws -> Void) async throws {
        let script = """
            use IO::Socket::INET; $s = IO::Socket::INET->new(LocalPort => \(port), Listen => 9, ReuseAddr => 1) or die;
            while ($c = $s->accept) { print $c "hello"; close $c }
            """
        async let _ = Command().result("nsenter", enter(slot) + ["perl", "-e", script], limit: .seconds(60))
        try #require(try await comesToReach(Self.loopback, port, from: slot))
        try await body()
    }

    /// The same as `reaches`, tried again for some seconds: on a busy machine an answer may take its time.
    func comesToReach(_ address: String, _ port: Int, from slot: Int?) async throws -> Bool {
        for _ in 0..<50 {
            if try await reaches(address, port, from: slot) { return true }
            try await SystemClock.sleep(.milliseconds(50))
        }
        return false
    }

    /// Opens a TCP connection from a member, or from the host (nil), and reads the greeting.
    func reaches(_ address: String, _ port: Int, from slot: Int?) async throws -> Bool {
        let script = """
            use IO::Socket::INET; $s = IO::Socket::INET->new(PeerAddr => "\(address):\(port)", Timeout => 1) or exit 1;
            exit(<$s> eq "hello" ? 0 : 1)
            """
        return try await Command().result("nsenter", enter(slot) + ["perl", "-e", script]).exitCode == 0
    }

    private func enter(_ slot: Int?) -> [String] {
        slot.map { ["--net=\(network.namespacePath(slot: $0))"] } ?? ["--net=/proc/self/ns/net"]
    }
}
