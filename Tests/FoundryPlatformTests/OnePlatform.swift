import Foundation
import FoundryModel
import Testing

/// Gives all tests of a suite, and of the suites in it, one installation: `TestPlatform.current()`.
struct OnePlatform: SuiteTrait, TestTrait, TestScoping {
    let name: String
    /// Before its first `up`: more options of it.
    let options: [String]
    /// After the first `up`, while it is down.
    let configure: @Sendable (inout PlatformConfiguration) -> Void

    var isRecursive: Bool { true }

    func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? { test.isSuite || testCase != nil ? self : nil }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        if let platform = TestPlatform.shared {
            do { try await function() } catch {
                platform.keepLogs()
                throw error
            }
            return
        }
        try await TestPlatform.with(name, starting: false) { platform in
            let answer = try await platform.foundry(platform.upArguments + options)
            guard answer.exitCode == 0 else { throw Failure("up ended with \(answer.exitCode): \(answer.errors)") }
            try await platform.reconfigure(configure)
            try await TestPlatform.$shared.withValue(platform) { try await function() }
        }
    }
}

extension Trait where Self == OnePlatform {
    static func onePlatform(
        _ name: String, options: [String] = [],
        configure: @escaping @Sendable (inout PlatformConfiguration) -> Void = { _ in }
    ) -> Self {
        Self(name: name, options: options, configure: configure)
    }
}

extension PlatformTests {
    /// Limits are small, so that what happens at them happens soon.
    @Suite(
        "One platform, used in every way", .serialized,
        .onePlatform("one", options: ["--public-routes", "\(Machine.outsideAddress):\(Machine.publicPorts)"]) {
            configuration in
            configuration.restart.longestDelayMilliseconds = 400
            configuration.restart.endsUntilCrashed = 4
            configuration.logFileSize = .megabytes(1)
        })
    struct OnePlatformTests {}
}
