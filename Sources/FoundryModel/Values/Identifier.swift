/// A typed id: ids of two kinds cannot be mixed up.
///
/// Shape: 1 to 64 characters of `a-z 0-9 . -`, beginning with a letter or a digit, so that an id is safe in a path,
/// in a container's name and in a URL.
public struct Identifier<Kind>: CheckedText {
    public static var noun: String { "an id" }

    public let description: String

    /// - Returns: nil when the text has not the shape of an id.
    public init?(_ text: String) {
        guard Self.isValid(text) else { return nil }
        description = text
    }

    /// A fresh id in the form of a version 4 UUID.
    public static func random(using generator: inout some RandomNumberGenerator) -> Self {
        let high = generator.next() & 0xffff_ffff_ffff_0fff | 0x4000
        let low = generator.next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        let digits = hexadecimal(high) + hexadecimal(low)
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        let text = groups.map { range in String(digits[range]) }.joined(separator: "-")
        guard let id = Self(text) else { preconditionFailure("a UUID has the shape of an id") }
        return id
    }

    /// The first eight characters: for names that people read and for interfaces with little room.
    public var short: String { String(description.prefix(8)) }

    private static func isValid(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count), let first = text.utf8.first else { return false }
        let isAlphanumeric = { (byte: UInt8) in (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) }
        return isAlphanumeric(first) && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2e || $0 == 0x2d }
    }

    private static func hexadecimal(_ value: UInt64) -> [Character] {
        let text = String(value, radix: 16)
        return Array(String(repeating: "0", count: 16 - text.count) + text)
    }
}

public enum AppKind {}
public enum MemberKind {}
public enum VolumeKind {}
public enum CellKind {}
public enum RouteKind {}
public enum JobKind {}
public enum EventKind {}
public enum LineageKind {}
public enum SessionKind {}
public enum FenceKind {}
public enum IncarnationKind {}
public enum ServerKind {}
public enum LogDrainKind {}
public enum ExecKind {}
public enum SnapshotKind {}
public enum OfferingKind {}
public enum PlanKind {}
public enum ServiceInstanceKind {}
public enum BindingKind {}
public enum VerbKind {}

public typealias AppID = Identifier<AppKind>
public typealias MemberID = Identifier<MemberKind>
public typealias VolumeID = Identifier<VolumeKind>
public typealias CellID = Identifier<CellKind>
public typealias RouteID = Identifier<RouteKind>
public typealias JobID = Identifier<JobKind>
public typealias EventID = Identifier<EventKind>
public typealias SessionID = Identifier<SessionKind>
public typealias SnapshotID = Identifier<SnapshotKind>
/// A kind of service in the catalog: made when its release is installed first, the same through all its versions.
public typealias OfferingID = Identifier<OfferingKind>
public typealias PlanID = Identifier<PlanKind>
public typealias ServiceInstanceID = Identifier<ServiceInstanceKind>
public typealias BindingID = Identifier<BindingKind>
/// Of one run of a release's verb in a member.
public typealias VerbID = Identifier<VerbKind>
public typealias LogDrainID = Identifier<LogDrainKind>
/// Of one command that runs in a member: whoever shows it, and is the right cell, is its stream.
public typealias ExecTicket = Identifier<ExecKind>
public typealias FenceID = Identifier<FenceKind>
/// One life of a cell's data directory: a machine that was wiped, or replaced under the same name, is a new one.
public typealias IncarnationID = Identifier<IncarnationKind>
/// A control-plane server.
public typealias ServerID = Identifier<ServerKind>
/// Names the data itself: every copy of a volume's data carries the lineage under which it was first made.
public typealias LineageID = Identifier<LineageKind>
