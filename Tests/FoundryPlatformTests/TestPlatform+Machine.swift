import Foundation
import FoundryEffects
import FoundryModel
import Testing

extension TestPlatform {
    static func current() throws -> TestPlatform { try #require(shared, "only within a suite of .onePlatform") }

    /// What another program than ours says.
    func run(
        _ program: String, _ arguments: String..., input: String = "", limit: Duration = .seconds(60)
    ) async throws -> Answer {
        let output = try await Command().result(
            program, arguments, input: input, environment: environment, limit: limit)
        return Answer(output: output.standardOutput, errors: output.standardError, exitCode: output.exitCode)
    }

    /// A program within the mount namespace in which volumes and the pool are seen.
    @discardableResult
    func inside(_ words: String...) async throws -> String {
        try await Command().run("nsenter", ["--mount=\(try paths().mountNamespace)"] + words, limit: .seconds(60))
    }

    /// Down, a changed configuration, up.
    func reconfigure(_ change: (inout PlatformConfiguration) -> Void) async throws {
        var configuration = try configuration()
        try await must("down", "--data", data)
        change(&configuration)
        try JSONEncoder().encode(configuration).write(to: URL(fileURLWithPath: try paths().configuration))
        try await must("up", "--data", data)
    }

    /// A command that must fail.
    @discardableResult
    func refused(
        _ arguments: String..., code: String, exitCode: Int32, limit: Duration = .seconds(60),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        let answer = try await foundry(arguments, limit: limit)
        #expect(
            answer.exitCode == exitCode, "\(arguments): \(answer.output)\(answer.errors)",
            sourceLocation: sourceLocation)
        #expect(
            answer.errors.contains("error[\(code)]: "), "\(arguments): \(answer.errors)", sourceLocation: sourceLocation
        )
        return answer
    }

    /// The member's network namespace: a path.
    func network(of name: String) async throws -> String { "/proc/\(try await process(of: name))/ns/net" }

    /// A file of a member's control group, of either version.
    func cgroup(of name: String, v1: (controller: String, file: String), v2: String) async throws -> String {
        let member = try #require(try await app(name).members.first?.guid)
        let group = try paths().cgroup + "/" + member
        let places = ["/sys/fs/cgroup/\(v1.controller)\(group)/\(v1.file)", "/sys/fs/cgroup\(group)/\(v2)"]
        let text = places.lazy.compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }.first
        return try #require(text, "none of \(places)").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Everything that a change would change, as text; once nothing goes on from before.
    func fingerprint() async throws -> String {
        var last = try await glance()
        try await FoundryPlatformTests.eventually("it is quiet") {
            try await Task.sleep(for: .milliseconds(150))
            let now = try await glance()
            defer { last = now }
            return now == last
        }
        return last
    }

    private func glance() async throws -> String {
        struct Status: Decodable {
            struct API: Decodable { var revision: Int64 }
            var api: API
        }
        let status = try await must("status", "--data", data, "--output", "json")
        let revision = try JSONDecoder().decode(Status.self, from: Data(status.output.utf8)).api.revision
        return
            "revision \(revision), apps \(try await apps().map(\.name).sorted()), volumes \(try await volumes().sorted())"
    }

    /// `delete --purge`, and nothing of it is left.
    func clear(_ names: String...) async throws {
        for name in names { try await must("delete", name, "--purge", "--force") }
    }
}

/// What this machine has.
enum Machine {
    /// One that is not loopback's, where there is one.
    static let outsideAddress: String = {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return "127.0.0.2" }
        defer { freeifaddrs(list) }
        for entry in sequence(first: list, next: { $0?.pointee.ifa_next }).compactMap({ $0?.pointee }) {
            guard let address = entry.ifa_addr, address.pointee.sa_family == AF_INET,
                entry.ifa_flags & UInt32(IFF_LOOPBACK) == 0,
                // Not a member's of anybody's.
                !String(cString: entry.ifa_name).contains(".")
            else { continue }
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            guard
                getnameinfo(
                    address, socklen_t(MemoryLayout<sockaddr_in>.size), &text, socklen_t(text.count), nil, 0,
                    NI_NUMERICHOST) == 0
            else { continue }
            return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        return "127.0.0.2"
    }()

    static let publicPorts: String = {
        let first = 27_000 + Int(getpid() % 300) * 10
        return "\(first)-\(first + 9)"
    }()

    /// Addresses on which somebody listens on a TCP port, as the kernel has them.
    static func listeners(on port: Int) throws -> Set<String> {
        var found: Set<String> = []
        for file in ["/proc/net/tcp", "/proc/net/tcp6"] {
            let text = read(file)
            for line in text.split(separator: "\n").dropFirst() {
                let fields = line.split(separator: " ")
                let local = fields[1].split(separator: ":")
                guard fields[3] == "0A", Int(local[1], radix: 16) == port, let word = UInt32(local[0], radix: 16) else {
                    if fields[3] == "0A", Int(local[1], radix: 16) == port { found.insert("ipv6") }
                    continue
                }
                found.insert((0..<4).map { "\(word >> (8 * $0) & 255)" }.joined(separator: "."))
            }
        }
        return found
    }

    /// A TCP connection from a network namespace came about within a second; nil: from here.
    static func connects(to address: String, _ port: Int, from network: String? = nil) async throws -> Bool {
        let probe = ["timeout", "1", "bash", "-c", "exec 3<>/dev/tcp/\(address)/\(port)"]
        let words = (network.map { ["nsenter", "--net=\($0)"] } ?? []) + probe
        return try await Command().result(words[0], Array(words.dropFirst())).exitCode == 0
    }

    /// The process and those that it started, as the kernel has them now.
    static func descendants(of pid: Int32) -> [Int32] {
        let all = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
        let parents = Dictionary(uniqueKeysWithValues: all.compactMap { pid in parent(of: pid).map { (pid, $0) } })
        var found = [pid]
        while true {
            let more = parents.filter { found.contains($0.value) && !found.contains($0.key) }.map(\.key)
            if more.isEmpty { return found }
            found += more
        }
    }

    static func parent(of pid: Int32) -> Int32? {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return nil }
        return Int32(stat[end...].split(separator: " ")[2])
    }

    /// The argument lists of all processes.
    static func argumentLists() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { Int32($0) != nil }.map {
            read("/proc/\($0)/cmdline")
        }
    }

    /// The whole of a file of /proc, which says no size; Foundation reads the first page only.
    static func read(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var page = [UInt8](repeating: 0, count: 65_536)
        while case let count = Glibc.read(descriptor, &page, page.count), count > 0 { bytes += page.prefix(count) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
