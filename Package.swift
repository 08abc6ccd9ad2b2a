// swift-tools-version: 6.2
import PackageDescription

// Imports point down only; script/lint checks it (see docs/internals/shape.md).
// FoundryModel and FoundryRules depend on nothing, so most tests build in seconds.

let nio = "swift-nio"
let lld: [LinkerSetting] = [.unsafeFlags(["-use-ld=lld"])]

func product(_ name: String, _ package: String) -> Target.Dependency { .product(name: name, package: package) }

let package = Package(
    name: "service-foundry",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "foundry", targets: ["foundry"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-asn1.git", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        .target(name: "CFoundryLinux"),
        .target(name: "FoundryModel"),
        .target(name: "FoundryRules", dependencies: ["FoundryModel"]),
        // The rules' machines in a world of one seed; the products need nothing of it.
        .target(name: "FoundrySimulation", dependencies: ["FoundryModel", "FoundryRules"]),
        .executableTarget(name: "foundry-sim", dependencies: ["FoundrySimulation"], linkerSettings: lld),
        .target(
            name: "FoundryEffects",
            dependencies: [
                "CFoundryLinux", "FoundryModel",
                product("Logging", "swift-log"), product("Subprocess", "swift-subprocess"),
                product("SystemPackage", "swift-system"),
            ]),
        // The supervisor stays small in memory: nothing of NIO below it.
        .target(
            name: "FoundrySupervisor",
            dependencies: ["CFoundryLinux", "FoundryRules", "FoundryEffects", product("SystemPackage", "swift-system")]),
        .target(
            name: "FoundryStore",
            dependencies: [
                "FoundryModel", product("GRDB", "GRDB.swift"), product("Crypto", "swift-crypto"),
                product("Logging", "swift-log"), product("SystemPackage", "swift-system"),
            ]),
        .target(
            name: "FoundryClient",
            dependencies: [
                "FoundryModel", product("AsyncHTTPClient", "async-http-client"), product("NIOSSL", "swift-nio-ssl"),
                product("Logging", "swift-log"),
            ]),
        // What the commands do, apart from their arguments: tables, progress, the manifest of a push.
        .target(
            name: "FoundryCommandLine",
            dependencies: [
                "FoundryModel", "FoundryEffects", "FoundryReleases", "FoundryClient", "FoundrySupervisor",
                product("UnixSignals", "swift-service-lifecycle"), product("SystemPackage", "swift-system"),
            ]),
        .target(
            name: "FoundryRouter",
            dependencies: [
                "FoundryRules", "FoundryEffects", "FoundryClient", product("NIOCore", nio), product("NIOPosix", nio),
                product("Logging", "swift-log"), product("UnixSignals", "swift-service-lifecycle"),
            ]),
        .target(
            name: "FoundryCell",
            dependencies: [
                "FoundryRules", "FoundryEffects", "FoundryClient", product("NIOPosix", nio),
                product("UnixSignals", "swift-service-lifecycle"), product("Logging", "swift-log"),
                product("SystemPackage", "swift-system"),
            ]),
        // What a release is: its directory, its archive, its layer of an image.
        .target(
            name: "FoundryReleases",
            dependencies: [
                "FoundryModel", "FoundryRules", "FoundryEffects", "Yams", product("Crypto", "swift-crypto"),
                product("SystemPackage", "swift-system"),
            ]),
        .target(
            name: "FoundryServer",
            dependencies: [
                "FoundryRules", "FoundryEffects", "FoundryReleases", "FoundryStore", "FoundryClient",
                product("Hummingbird", "hummingbird"), product("HummingbirdTLS", "hummingbird"), "Yams",
                product("NIOCore", nio), product("NIOPosix", nio), product("NIOSSL", "swift-nio-ssl"),
                product("SwiftASN1", "swift-asn1"), product("Crypto", "swift-crypto"), product("Logging", "swift-log"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
            ]),
        .executableTarget(
            name: "foundry",
            dependencies: [
                "FoundryServer", "FoundryCell", "FoundryRouter", "FoundryClient", "FoundryCommandLine",
                "FoundryEffects", "FoundryReleases", "FoundryStore", "FoundrySupervisor",
                product("ArgumentParser", "swift-argument-parser"), product("SystemPackage", "swift-system"), "Yams",
            ],
            linkerSettings: lld),
        // One JSON route and nothing else, which script/bench compares ours with.
        .executableTarget(
            name: "BareRoute",
            dependencies: [
                product("Hummingbird", "hummingbird"), product("HummingbirdTLS", "hummingbird"),
                product("NIOSSL", "swift-nio-ssl"),
            ], path: "Tests/BareRoute", linkerSettings: lld),
        // What the tests of several targets share; the products need nothing of it.
        .target(name: "FoundryTestSupport", dependencies: ["FoundryModel"], path: "Tests/FoundryTestSupport"),
        .testTarget(name: "FoundryModelTests", dependencies: ["FoundryModel", "FoundryTestSupport"]),
        .testTarget(
            name: "FoundryServerTests",
            dependencies: [
                "FoundryServer", "FoundrySupervisor", product("HummingbirdTesting", "hummingbird"),
                product("AsyncHTTPClient", "async-http-client"),
            ]),
        // A supervisor over trivial daemons, for the tests that kill it.
        .executableTarget(
            name: "SupervisorFixture", dependencies: ["FoundrySupervisor"], path: "Tests/SupervisorFixture"),
        .testTarget(
            name: "FoundrySupervisorTests",
            dependencies: [
                "FoundrySupervisor", "FoundryRules", "FoundryEffects", "FoundryModel", "FoundryTestSupport",
                "SupervisorFixture",
            ]),
        .testTarget(
            name: "FoundryCLITests",
            dependencies: [
                "foundry", "FoundryCommandLine", "FoundryClient", "FoundryEffects", "FoundrySupervisor",
                product("ArgumentParser", "swift-argument-parser"), product("HummingbirdTesting", "hummingbird"),
            ]),
        .testTarget(
            name: "FoundryReleasesTests",
            dependencies: ["FoundryReleases", "FoundryRules", "FoundryEffects", "FoundryModel"]),
        .testTarget(name: "FoundryStoreTests", dependencies: ["FoundryStore", "FoundryModel"]),
        // Drives the built command line; the executable is named so that it is built first.
        .testTarget(
            name: "FoundryPlatformTests",
            dependencies: [
                "CFoundryLinux", "FoundryEffects", "FoundryModel", "FoundryRules", "FoundryRouter",
                "FoundryTestSupport",
                "foundry",
            ]),
        .testTarget(name: "FoundryCellTests", dependencies: ["FoundryCell", "FoundryTestSupport"]),
        .testTarget(name: "FoundryRulesTests", dependencies: ["FoundryRules", "FoundryTestSupport"]),
        .testTarget(
            name: "FoundrySimulationTests", dependencies: ["FoundrySimulation", "FoundryRules", "FoundryTestSupport"]),
        // Every reader of what others wrote, behind one door: for its tests, and for libFuzzer (script/fuzz).
        .target(
            name: "FoundryFuzz",
            dependencies: [
                "FoundryServer", "FoundryCell", "FoundryRouter", "FoundryCommandLine", "FoundrySupervisor",
                "FoundryReleases",
            ],
            path: "Tests/FoundryFuzz"),
        .testTarget(
            name: "FoundryFuzzTests", dependencies: ["FoundryFuzz", "FoundryTestSupport"]),
        .testTarget(name: "FoundryRouterTests", dependencies: ["FoundryRouter", product("NIOPosix", nio)]),
    ],
    swiftLanguageModes: [.v6]
)

// Only script/fuzz builds it, with libFuzzer linked in: it has no main of its own.
if Context.environment["FOUNDRY_FUZZ"] != nil {
    package.targets += [
        .executableTarget(
            name: "foundry-fuzz", dependencies: ["FoundryFuzz"], path: "Tests/FuzzProgram", linkerSettings: lld)
    ]
}
