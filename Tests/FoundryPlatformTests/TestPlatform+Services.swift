import Foundation
import FoundryModel
import Testing

/// What `foundry service NAME --output json` says, as far as tests read it.
struct ServiceView: Decodable {
    struct Operation: Decodable {
        var type: String
        var state: String
    }
    struct Binding: Decodable {
        var name: String?
        var appName: String?
        var state: String
    }
    struct Details: Decodable {
        var memory: Int64
        var members: [AppView.Member]
        var route: AppView.Route?
        var bindings: [Binding]
    }
    var name: String
    var lastOperation: Operation
    var foundry: Details

    /// The last thing that was asked of it is done, and all of it serves.
    var isSettled: Bool {
        lastOperation.state != "in progress" && foundry.members.allSatisfy { $0.phase == "healthy" }
            && foundry.bindings.allSatisfy { $0.state == "bound" }
    }
}

extension TestPlatform {
    /// Of this tree.
    static let releases = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("releases").path

    /// - Parameter manifest: of a release that is nothing but a `release.yml`.
    func install(_ name: String, manifest: String, verbs: [String: String] = [:]) async throws {
        let place = "\(root)/\(name)"
        try FileManager.default.createDirectory(atPath: "\(place)/verbs", withIntermediateDirectories: true)
        try manifest.write(toFile: "\(place)/release.yml", atomically: true, encoding: .utf8)
        for (verb, script) in verbs {
            let path = "\(place)/verbs/\(verb)"
            try script.write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        try await must("release", "install", place, "--yes")
    }

    /// nil: there is none.
    func service(_ name: String) async throws -> ServiceView? {
        let end = ContinuousClock.now + .seconds(90)
        var last = ""
        while ContinuousClock.now < end {
            let answer = try await foundry(["service", name, "--output", "json"])
            if answer.exitCode == 0 { return try Self.decoder.decode(ServiceView.self, from: Data(answer.output.utf8)) }
            if answer.errors.contains("service_not_found") { return nil }
            last = answer.errors
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Failure("nothing was heard of service \(name): \(last)")
    }

    /// The fields of a key's credentials.
    func credentials(_ service: String, _ key: String) async throws -> [String: String] {
        let answer = try await eventually("service-key", service, key, "--output", "json")
        let fields = (answer.json as? [String: Any])?["credentials"] as? [String: Any]
        return try #require(fields).mapValues { "\($0)" }
    }

    /// Asks again while the platform is being killed under it, until what was asked for is so; it may be so although the command said no.
    func insist(
        _ words: String..., limit: Duration = .seconds(120), until isSo: (ServiceView?) -> Bool, of name: String
    ) async throws {
        var last = ""
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            let now = try await service(name)
            if isSo(now) { return }
            // What goes on is not asked for twice.
            if now?.lastOperation.state != "in progress" {
                let answer = try await foundry(words, limit: limit)
                last = answer.exitCode == 0 ? "" : answer.errors
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Failure("foundry \(words.joined(separator: " ")) never came about: \(last)")
    }

    /// A program in the member of an app.
    func exec(_ name: String, _ script: String) async throws -> Answer {
        try await foundry(["exec", name, "--", "/bin/sh", "-c", script])
    }
}
