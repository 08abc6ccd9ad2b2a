import FoundryEffects
import FoundryModel
import FoundrySupervisor
import Glibc
import Testing

@testable import FoundrySupervisor

@Suite(.enabled(if: isRoot, "setting up needs root"), .serialized)
struct SetupTests {
    private func withInstallation(
        _ change: (inout UpOptions) -> Void = { _ in }, _ body: (Installation, UpOptions) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            var options = UpOptions(data: "\(directory)/data", pool: .file(size: .megabytes(256)))
            change(&options)
            let installation = try await Installation.prepare(options)
            defer { _ = try? removeTree(installation.paths.run) }
            try await body(installation, options)
        }
    }

    private func removeTree(_ path: String) throws {
        for name in try directoryNames(path) { unlink("\(path)/\(name)") }; rmdir(path)
    }

    private func snapshot(_ directory: String) throws -> [String: String] {
        var files: [String: String] = [:]
        for name in try directoryNames(directory) {
            let path = "\(directory)/\(name)"
            if let inner = try? directoryNames(path) {
                for file in inner { files["\(name)/\(file)"] = ProcFile.read("\(path)/\(file)") }
            } else {
                files[name] = ProcFile.read(path)
            }
        }
        return files
    }

    @Test func `the first up writes everything, secrets for their owner only; the second one changes nothing`()
        async throws
    {
        try await withInstallation { installation, options in
            let paths = installation.paths
            #expect(installation.isNew)
            for secret in [
                paths.configuration, paths.token, paths.key(of: "ca"), paths.key(of: "server"), paths.key(of: "cell"),
                paths.key(of: "router"),
            ] {
                #expect(mode(secret) == 0o600, "\(secret)")
            }
            #expect(mode(paths.data) == 0o700 && mode(paths.tls) == 0o700)
            #expect(ProcFile.line(paths.token)?.count == 64)
            let before = try snapshot(paths.data)
            let again = try await Installation.prepare(options)
            #expect(!again.isNew && again.configuration == installation.configuration)
            _ = try await Installation.prepare(UpOptions(data: options.data))
            #expect(try snapshot(paths.data) == before)
        }
    }

    @Test func `the certificates are of our own authority, and say who is who`() async throws {
        try await withInstallation { installation, _ in
            let paths = installation.paths
            let cell = try Secrets.cellID(paths)
            for (name, purpose) in [("server", "sslserver"), ("cell", "sslclient"), ("router", "sslclient")] {
                try await Command().run(
                    "openssl", ["verify", "-CAfile", paths.authority, "-purpose", purpose, paths.certificate(of: name)])
            }
            func text(_ name: String) async throws -> String {
                try await Command().run("openssl", ["x509", "-noout", "-text", "-in", paths.certificate(of: name)])
            }
            #expect(try await text("cell").contains("CN = cell-\(cell)"))
            #expect(try await text("router").contains("CN = router"))
            let server = try await text("server")
            #expect(
                server.contains("IP Address:127.0.0.1") && server.contains("IP Address:0:0:0:0:0:0:0:1")
                    && server.contains("DNS:localhost"))
            #expect(server.contains("prime256v1"))
            #expect(
                try directoryNames(paths.tls) == [
                    "ca.key", "ca.pem", "cell.key", "cell.pem", "router.key", "router.pem", "server.key", "server.pem",
                ])
        }
    }

    @Test func `an up that was killed half way is finished by the next`() async throws {
        try await withDirectory { directory in
            let data = "\(directory)/data"
            mkdir(data, 0o700)
            mkdir("\(data)/tls.new", 0o700)
            try DurableFile.write("half".utf8, to: "\(data)/tls.new/ca.key")
            try DurableFile.write("abcdef01\n".utf8, to: "\(data)/cell-id")
            let installation = try await Installation.prepare(UpOptions(data: data, pool: .file(size: .megabytes(256))))
            defer { _ = try? removeTree(installation.paths.run) }
            #expect(try Secrets.cellID(installation.paths) == CellID("abcdef01"))
            #expect(!(try directoryNames(data)).contains("tls.new"))
        }
    }

    @Test func `options that contradict the first up are refused, by name`() async throws {
        try await withInstallation({ $0.apiPort = 41_210 }) { installation, options in
            var other = UpOptions(data: options.data, apiPort: 41_211, routePorts: 30_000...30_010)
            other.pool = .file(size: .gigabytes(9))
            do throws(FoundryError) {
                _ = try await Installation.prepare(other)
                Issue.record("it was accepted")
            } catch {
                #expect(error.code == .usage)
                for word in [
                    "--api-port is 41210, not 41211", "--route-ports",
                    "the pool is a file of 256 MiB, not a file of 9 GiB",
                ] {
                    #expect(error.message.contains(word), "\(error.message)")
                }
            }
            #expect(installation.configuration.apiPort == 41_210)
        }
    }

    @Test func `two that are set up at the same time share no port and no network`() async throws {
        try await withInstallation { first, _ in
            try await withInstallation { second, _ in
                let (one, other) = (NetworkClaim(first.configuration), NetworkClaim(second.configuration))
                #expect(one.subnet != other.subnet)
                for range in one.ports { #expect(!other.ports.contains { $0.overlaps(range) }) }
            }
        }
    }

    @Test func `everything that is missing is said at once, and nothing was changed`() async throws {
        let port = try #require((41_300...41_400).first { TCPPort.isFree($0) && TCPPort.isFree($0 + 1) })
        let listener = try Listener(port)
        defer { listener.end() }
        try await withDirectory { directory in
            let data = "\(directory)/data"
            do throws(FoundryError) {
                _ = try await Installation.prepare(
                    UpOptions(data: data, pool: .file(size: .gigabytes(900_000)), apiPort: port))
                Issue.record("it was accepted")
            } catch {
                #expect(error.code == .machineUnfit)
                #expect(error.message.contains("\(port)") && error.message.contains("a pool of"), "\(error.message)")
                #expect(error.hint?.contains("--pool-size") == true && error.hint?.contains("ss -ltnp") == true)
            }
            let left = try directoryNames(directory)
            #expect(left.isEmpty)
        }
    }

    @Test func `a directory with other people's files is not taken, nor removed`() async throws {
        try await withDirectory { directory in
            try DurableFile.write("mine".utf8, to: "\(directory)/letter")
            await #expect(throws: FoundryError.self) { try await Installation.prepare(UpOptions(data: directory)) }
            try DurableFile.write("{}".utf8, to: "\(directory)/config.json")
            #expect(throws: FoundryError.self) { try ResetPlan.make(data: directory) }
            #expect(try directoryNames(directory) == ["config.json", "letter"])
        }
    }

    @Test func `a reset plan names what is ours, and finds the instance of a broken configuration`() async throws {
        try await withInstallation { installation, _ in
            let paths = installation.paths
            try DurableFile.write("mine".utf8, to: "\(paths.data)/letter")
            let plan = try ResetPlan.make(data: paths.data)
            #expect(plan.instance == paths.instance && plan.others == ["letter"] && plan.problem == nil)
            #expect(plan.entries.last == "config.json", "what marks it as ours goes last")
            try DurableFile.write("{\"oops".utf8, to: paths.configuration)
            let broken = try ResetPlan.make(data: paths.data)
            #expect(broken.instance == paths.instance)
            #expect(broken.sentences.first?.contains("not known") == true)
        }
    }

    @Test func `a device that holds something is never taken at the first up`() async throws {
        try await withDirectory { directory in
            let file = "\(directory)/disk"
            try DurableFile.write([], to: file)
            truncate(file, 200 << 20)
            let device = try await Command().run("losetup", ["--find", "--show", file]).trimmed
            let paths = Paths(data: directory, instance: "abcdef")
            #expect(await PoolChoice.problem(.device(device), paths: paths, isNew: true) == nil)
            try await Command().run("mkfs.btrfs", ["--quiet", device])
            #expect(
                await PoolChoice.problem(.device(device), paths: paths, isNew: true)?.what.contains("btrfs") == true)
            #expect(await PoolChoice.problem(.device(device), paths: paths, isNew: false) == nil)
            let regular = await PoolChoice.problem(.device(file), paths: paths, isNew: true)
            #expect(regular?.what.contains("no block device") == true)
            let ordinary = await PoolChoice.problem(.directory(directory), paths: paths, isNew: true)
            #expect(ordinary?.what.contains("btrfs") == true)
            try await Command().run("losetup", ["--detach", device])
        }
    }

    @Test func `what an earlier boot left in the run directory is cleared`() async throws {
        try await withInstallation { installation, _ in
            let paths = installation.paths
            try DurableFile.write([], to: paths.downMarker)
            try RunDirectory.prepare(paths)
            #expect(mode(paths.downMarker) != nil)
            try DurableFile.write("another-boot\n".utf8, to: paths.bootMark)
            try RunDirectory.prepare(paths)
            #expect(mode(paths.downMarker) == nil)
            #expect(ProcFile.link(paths.dataLink) == paths.data && mode(paths.run) == 0o700)
        }
    }

    @Test func `the systemd unit quotes what it is given`() {
        let unit = SystemdUnit(instance: "3fa2b1", data: "/srv/a b%", executable: "/usr/local/bin/foundry")
        #expect(unit.name == "foundry-3fa2b1.service")
        #expect(unit.text.contains(#"ExecStart="/usr/local/bin/foundry" up --foreground --data "/srv/a b%%""#))
        #expect(unit.text.contains("KillMode=process"))
    }

    @Test func `this machine is looked at without leaving a trace`() async throws {
        let loops = try await Command().run("losetup", ["--list", "--noheadings"])
        try await withDirectory { directory in
            let findings = await MachineChecks.all(data: directory)
            for check in [
                "root", "runc", "overlay file system", "loop direct I/O", "btrfs on a file", "cgroup freezer", "veth",
                "nftables", "watchdog device", "hypervisor",
            ] {
                #expect(findings.contains { $0.check == check }, "\(check)")
            }
            #expect(findings.allSatisfy { $0.state == .ok || $0.consequence != nil })
            let left = try directoryNames(directory)
            #expect(left.isEmpty)
        }
        #expect(try await Command().run("losetup", ["--list", "--noheadings"]) == loops)
        #expect(try await !Command().run("nft", ["list", "tables"]).contains("foundry_trial"))
    }

    @Test func `remedies are one command for all packages, then the rest once`() {
        let findings = [
            Finding("a", .missing, found: "", remedy: "apt-get install runc"),
            Finding("b", .missing, found: "", remedy: "modprobe btrfs"),
            Finding("c", .missing, found: "", remedy: "apt-get install util-linux"),
            Finding("d", .missing, found: "", remedy: "apt-get install runc"),
        ]
        #expect(MachineChecks.remedies(findings) == "apt-get install runc util-linux; modprobe btrfs")
    }
}
