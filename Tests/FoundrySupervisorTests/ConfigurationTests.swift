import FoundryEffects
import FoundryModel
import FoundrySupervisor
import Testing

@testable import FoundrySupervisor

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ConfigurationTests {
    private func sample(_ pool: PoolConfiguration = .file(size: .gigabytes(1))) -> PlatformConfiguration {
        PlatformConfiguration(
            instance: "3fa2b1", apiPort: 7480, cellPort: 7481, subnet: "10.77.3",
            routes: RouteConfiguration(
                firstPort: 20_000, lastPort: 20_199,
                publicRange: PublicRouteRange(address: "192.0.2.7", firstPort: 21_000, lastPort: 21_009)),
            pool: pool, bundledImages: "/images", layers: "/layers")
    }

    private func text(_ configuration: PlatformConfiguration) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(configuration), as: UTF8.self)
    }

    private func parse(_ text: String) throws(FoundryError) -> PlatformConfiguration {
        try ConfigurationFile.parse(Data(text.utf8), path: "config.json")
    }

    private func message(_ text: String) -> String {
        do throws(FoundryError) {
            _ = try parse(text)
            return ""
        } catch {
            #expect(error.code == .configurationInvalid)
            return error.message
        }
    }

    @Test(arguments: [PoolConfiguration.file(size: .gigabytes(2)), .device("/dev/sdb"), .directory("/srv/pool")])
    func `what was written is read`(_ pool: PoolConfiguration) throws {
        #expect(try parse(text(sample(pool))) == sample(pool))
    }

    @Test func `timings under which a guarded member could outlive its session are refused with a sentence`() throws {
        var late = sample()
        late.timing = SessionTiming(renew: 1_000, fuse: 5_000, kill: 500, watchdog: 1_000, expiry: 7_600)
        #expect(message(try text(late)).contains("fuse 5000 + kill 500 + 2 x watchdog 1000 + drift 152 = 7652 ms"))
        late.timing?.expiryMilliseconds = 0
        #expect(message(try text(late)).contains("timing.expiry must be from 1 ms to an hour"))
        late.timing = SessionTiming(renew: 3_000, fuse: 5_000, kill: 500, watchdog: nil, expiry: 8_000)
        #expect(message(try text(late)).contains("leaves no room for one lost renewal"))
        late.timing = .normal
        #expect(message(try text(late)).contains("this platform is of one"))
    }

    @Test func `a pool is one key`() throws {
        #expect(try text(sample(.device("/dev/sdb"))).contains(#""pool":{"device":"/dev/sdb"}"#))
        #expect(
            message(
                try text(sample(.device("/dev/sdb"))).replacing(
                    #"{"device":"/dev/sdb"}"#, with: #"{"device":"/a","directory":"/b"}"#)
            ).contains("pool"))
    }

    @Test func `keys that are not known are named, at any depth`() throws {
        let broken = try text(sample()).replacing(#""apiPort""#, with: #""apiPrt":1,"apiPort""#).replacing(
            #""firstPort":20000"#, with: #""firstPort":20000,"first":1"#)
        let said = message(broken)
        #expect(said.contains("apiPrt") && said.contains("routes.first"))
        #expect(!said.contains("apiPort"))
    }

    @Test func `a missing key, a wrong type and what is no JSON are said`() throws {
        #expect(message(try text(sample()).replacing(#""apiPort":7480,"#, with: "")).contains("apiPort is missing"))
        #expect(message(try text(sample()).replacing("7480", with: #""x""#)).contains("apiPort is not of type Int"))
        #expect(message("{").contains("not JSON"))
        #expect(message("[]") != "")
    }

    @Test func `null stands for what is not set`() throws {
        var plain = sample()
        plain.routes.publicRange = nil
        let withNull = try text(plain).replacing(#""lastPort":20199"#, with: #""lastPort":20199,"publicRange":null"#)
        #expect(try parse(withNull) == plain)
    }

    @Test func `what cannot work is refused`() {
        func problem(_ change: (inout PlatformConfiguration) -> Void) -> String {
            var configuration = sample()
            change(&configuration)
            return configuration.problem ?? ""
        }
        #expect(problem { _ in } == "")
        #expect(problem { $0.apiPort = 20_005 }.contains("overlap"))
        #expect(problem { $0.apiPort = 0 }.contains("apiPort"))
        #expect(problem { $0.routes.lastPort = 10 }.contains("firstPort"))
        #expect(problem { $0.instance = "../../x" }.contains("instance"))
        #expect(problem { $0.subnet = "10.77" }.contains("subnet"))
        #expect(problem { $0.subnet = "10.77.300" }.contains("subnet"))
        #expect(problem { $0.pool = .file(size: .megabytes(1)) }.contains("pool"))
        #expect(problem { $0.layers = "layers" }.contains("layers"))
        #expect(problem { $0.restart.longestDelayMilliseconds = 1 }.contains("restart"))
    }

    @Test func `the user's configuration is merged, private, and left alone when it cannot be read`() async throws {
        try await withDirectory { directory in
            let path = "\(directory)/new/config.json"
            var user = try UserConfiguration.load(path)
            #expect(user == UserConfiguration())
            user.targets["aaaaaa"] = .init(url: "https://127.0.0.1:1", ca: "pem", token: "t")
            user.current = "aaaaaa"
            try user.save(path)
            #expect(try UserConfiguration.load(path) == user)
            #expect(mode(path) == 0o600)
            try UserTarget.remove(instance: "aaaaaa", path: path)
            #expect(try UserConfiguration.load(path).current == nil)
            try DurableFile.write("{oops".utf8, to: path)
            #expect(throws: FoundryError.self) { try UserConfiguration.load(path) }
            #expect(ProcFile.read(path) == "{oops")
        }
    }
}
