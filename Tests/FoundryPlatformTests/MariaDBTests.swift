import Foundation
import FoundryModel
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("MariaDB", .serialized)
    struct MariaDBTests {
        @Test("mysql/mysql says what it becomes, and makes the user and the database that were asked for")
        func alias() async throws {
            let platform = try TestPlatform.current()
            let pushed = try await platform.must(
                "push", "mysql/mysql", "shop", "--disk", "256M", "--memory", "256M", "--env", "MYSQL_USER=clerk",
                "--env", "MYSQL_PASSWORD=it's \\ 5%", "--env", "MYSQL_DATABASE=goods_2")
            #expect(pushed.output.contains("mysql/mysql -> mariadb:10.11 (bundled, MariaDB 10.11."))
            let shop = try await Client(platform, "shop")
            #expect(shop.user == "clerk" && shop.database == "goods_2" && shop.password == "it's \\ 5%")
            #expect(try await shop.query("select 6 * 7, current_user(), database()") == "42\tclerk@%\tgoods_2")
            #expect(try await shop.query("show databases").contains("mysql") == false, "it is no administrator")
            #expect(try await shop.query("select @@innodb_flush_log_at_trx_commit, @@log_bin") == "1\t0")
            try await platform.clear("shop")
        }

        @Test("Its password is made, is nowhere in the open, and lets root in")
        func password() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "mariadb", "ledger", "--disk", "256M", "--memory", "256M")
            let ledger = try await Client(platform, "ledger")
            #expect(ledger.user == "root" && ledger.database == "app" && ledger.password.count >= 32)
            #expect(try await ledger.query("select current_user()") == "root@%")
            #expect(!Machine.argumentLists().contains { $0.contains(ledger.password) })
            for words in [["app", "ledger"], ["events"], ["logs", "ledger", "--lines", "10000"]] {
                let answer = try await platform.must(words + ["--output", "json"])
                #expect(!(answer.output + answer.errors).contains(ledger.password), "\(words)")
            }
            let anonymous = try await platform.run(
                "mariadb", "--no-defaults", "--host=127.0.0.1", "--port=\(ledger.port)", "--user=nobody", "-e",
                "select 1")
            #expect(anonymous.exitCode != 0 && anonymous.errors.contains("Access denied"))
        }

        @Test(
            "Its process is killed while it is written to: it is started again, and every committed row is there",
            .proves(.crashRestarts))
        func killed() async throws {
            let platform = try TestPlatform.current()
            let ledger = try await Client(platform, "ledger")
            _ = try await ledger.query("create table numbers (n integer primary key)")
            let process = try await platform.process(of: "ledger")
            async let writing = Self.insert(ledger)
            try await eventually("it is written to") {
                (try? await ledger.query("select count(*) > 3 from numbers")) == "1"
            }
            Glibc.kill(process, SIGKILL)
            let last = try await writing
            try await platform.waitUntilRestarted("ledger")
            try await eventually("it takes connections") { (try? await ledger.query("select 1")) == "1" }
            // The fourth may have been on the disk before anybody heard so.
            #expect(last >= 3)
            #expect(try await ledger.query("select count(*) from numbers where n <= \(last)") == "\(last)")
            #expect(try await platform.process(of: "ledger") != process)
        }

        @Test("Stop and start keep its rows, and it ends in order", .proves(.stopKeeps))
        func stopAndStart() async throws {
            let platform = try TestPlatform.current()
            let ledger = try await Client(platform, "ledger")
            let count = try await ledger.query("select count(*) from numbers")
            try await platform.must("stop", "ledger")
            let log = try await platform.must("logs", "ledger", "--lines", "1000").output
            #expect(log.contains("Shutdown complete"), "it was not given the time to end by itself")
            try await platform.must("start", "ledger")
            try await eventually("it takes connections") { (try? await ledger.query("select 1")) == "1" }
            #expect(try await ledger.query("select count(*) from numbers") == count)
            try await platform.clear("ledger")
        }

        /// Inserts one number after the other until one is not acknowledged.
        ///
        /// - Returns: the last one that was.
        private static func insert(_ client: Client) async throws -> Int {
            for number in 1...10_000 {
                guard (try? await client.query("insert into numbers values (\(number)); select 1")) == "1" else {
                    return number - 1
                }
            }
            return 10_000
        }
    }

    /// What each bundled database makes of `defer`: its own setting, which keeps the order of writes.
    @Suite("A deferred disk", .serialized)
    struct DeferredTests {
        private static let deferred = ["--disk-sync", "defer:600"]

        @Test("is InnoDB's log written at each commit and synced every second")
        func mariaDB() async throws {
            let platform = try TestPlatform.current()
            try await platform.must(["push", "mariadb", "late", "--disk", "128M", "--memory", "256M"] + Self.deferred)
            let late = try await Client(platform, "late")
            #expect(
                try await late.query("select @@innodb_flush_log_at_trx_commit, @@innodb_flush_log_at_timeout") == "2\t1"
            )
            try await platform.clear("late")
        }

        @Test(
            "is PostgreSQL's commit answered before its log is synced, which takes three of the writer's delays at most"
        )
        func postgreSQL() async throws {
            let platform = try TestPlatform.current()
            try await platform.must(["push", "postgres", "late", "--disk", "128M", "--memory", "128M"] + Self.deferred)
            try await platform.must("credentials", "late", "--pg-service")
            let answer = try await platform.run(
                "psql", "-X", "-q", "-A", "-t", "-c", "show synchronous_commit", "-c", "show wal_writer_delay",
                "service=late")
            #expect(answer.output == "off\n200ms\n", "\(answer.errors)")
            try await platform.clear("late")
        }

        @Test("is Redis' append-only file synced every second")
        func redis() async throws {
            let platform = try TestPlatform.current()
            try await platform.must(["push", "redis", "late", "--disk", "64M", "--memory", "64M"] + Self.deferred)
            let answer = try await platform.run(
                "redis-cli", "-p", "\(try await platform.port(of: "late"))", "config", "get", "appendfsync")
            #expect(answer.output == "appendfsync\neverysec\n", "\(answer.errors)")
            try await platform.clear("late")
        }
    }
}

/// MariaDB's own client, with an app's credentials in a file that only we can read.
private struct Client: Sendable {
    let platform: TestPlatform
    let user: String
    let password: String
    let database: String
    let port: Int

    init(_ platform: TestPlatform, _ app: String) async throws {
        struct Credentials: Decodable { var host, user, password, dbname: String, port: Int }
        let answer = try await platform.must("credentials", app, "--show-password", "--output", "json")
        let credentials = try TestPlatform.decoder.decode(Credentials.self, from: Data(answer.output.utf8))
        self.platform = platform
        (user, password) = (credentials.user, credentials.password)
        (database, port) = (credentials.dbname, credentials.port)
    }

    func query(_ text: String) async throws -> String {
        let file = "\(platform.root)/client-\(port).cnf"
        let quoted = password.replacingOccurrences(of: "\\", with: "\\\\")
        let written = FileManager.default.createFile(
            atPath: file, contents: Data("[client]\npassword=\"\(quoted)\"\n".utf8),
            attributes: [.posixPermissions: 0o600])
        guard written else { throw Failure("\(file) cannot be written") }
        let answer = try await platform.run(
            "mariadb", "--defaults-file=\(file)", "--host=127.0.0.1", "--port=\(port)", "--user=\(user)", "--batch",
            "--skip-column-names", "--connect-timeout=10", "--database=\(database)", "--execute=\(text)",
            limit: .seconds(20))
        guard answer.exitCode == 0 else { throw Failure("mariadb: \(answer.errors)") }
        return answer.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
