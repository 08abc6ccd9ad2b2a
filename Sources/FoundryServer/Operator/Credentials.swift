import CFoundryLinux
import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads the credentials that an image made for its clients, where such images put them: `credentials`, at the root of the volume.
///
/// The file is the tenant's: it is opened inside the member's own root, no link is followed, and little of it is read. Never logged.
struct Credentials {
    private static let largest = 4 << 10

    let platform: Platform

    /// - Throws: `app_not_found`; `not_found` when the app has none, or does not run.
    func read(_ request: APIRequest) async throws(FoundryError) -> CredentialsAnswer {
        let view = platform.view
        let app = try platform.app(request, in: view).value
        guard let mount = app.spec.disk?.mounts.first?.path else { throw missing(app, "it has no volume") }
        guard let member = view.members(of: app.id).first, let pid = view.statuses[member.id]?.value.pid else {
            throw missing(app, "it does not run")
        }
        let values = Self.values(try text(app, member.id, pid: pid, path: "\(mount)/credentials"))
        let route = view.route(of: app.id)
        return CredentialsAnswer(
            user: values["user"], password: values["password"], dbname: values["dbname"], host: route.flatMap { platform.host(of: $0.scope) },
            port: route?.port)
    }

    private func text(_ app: AppRecord, _ member: MemberID, pid: Int32, path: String) throws(FoundryError) -> String {
        do {
            let root = FileDescriptor(rawValue: foundry_open_place("/proc/\(pid)/root"))
            guard root.rawValue >= 0 else { throw Errno(rawValue: foundry_errno()) }
            return try root.closeAfter {
                // After the root is open: a process number that was used again is found out here.
                guard isOf(member, pid: pid) else { throw Errno.noSuchProcess }
                let file = FileDescriptor(rawValue: foundry_open_inside(root.rawValue, path))
                guard file.rawValue >= 0 else { throw Errno(rawValue: foundry_errno()) }
                return try file.closeAfter { try contents(file) }
            }
        } catch {
            throw missing(app, "its image made none", detail: "\(path): \(error)")
        }
    }

    private func isOf(_ member: MemberID, pid: Int32) -> Bool {
        guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/cgroup") else { return false }
        let group = platform.paths.cgroup(member)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains { line in
            line.hasSuffix(group) || line.contains("\(group)/")
        }
    }

    /// Of a plain file; a pipe or device has nothing to say.
    private func contents(_ file: FileDescriptor) throws -> String {
        guard foundry_is_file(file.rawValue) == 1 else { throw Errno.invalidArgument }
        let bytes = try [UInt8](unsafeUninitializedCapacity: Self.largest) { buffer, filled in
            filled = try file.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `name=value` lines.
    static func values(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let sides = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if sides.count == 2 { values[String(sides[0])] = String(sides[1]) }
        }
        return values
    }

    private func missing(_ app: AppRecord, _ why: String, detail: String? = nil) -> FoundryError {
        FoundryError(.notFound, "\(app.name) has no credentials to show: \(why).", detail: detail, hint: "foundry app \(app.name)")
    }
}
