import FoundryModel
import FoundryRules

/// Values that many tests begin with.
enum Samples {
    static let machineID = "5f2c8a"
    static let cell = CellID("cell-1")!
    static let start = Timestamp(millisecondsSince1970: 1_700_000_000_000)
    static let capacity = CellCapacity(memory: .gigabytes(16), cpu: Millicores(4000), disk: .gigabytes(100))

    static func image(volumes: [String] = ["/data"], ports: [Int] = [6379], name: String = "redis:7") -> ResolvedImage {
        ResolvedImage(
            reference: ImageReference(parsing: "redis")!, name: name, source: .bundled,
            manifestDigest: "sha256:" + String(repeating: "ab", count: 32), layers: [],
            configuration: ImageConfiguration(entrypoint: ["/bin/redis"], volumes: volumes, ports: ports))
    }

    static func spec(disk: ByteCount? = .megabytes(100)) -> WorkloadSpec {
        WorkloadSpec(
            image: image(), memory: .megabytes(64), cpu: Millicores(1_000),
            disk: disk.map { DiskSpec(size: $0, mounts: [VolumeMount(directory: "", path: "/data")]) },
            ephemeralPaths: [], environment: [:],
            targetPort: 6_379, restartPolicy: .consistent, health: HealthCheck(port: 6_379))
    }

    static func configuration() -> PlatformConfiguration {
        PlatformConfiguration(
            instance: "abc123", apiPort: 7480, cellPort: 7481, subnet: "10.77.3",
            routes: RouteConfiguration(firstPort: 20_000, lastPort: 20_009), pool: .file(size: .gigabytes(1)),
            bundledImages: "/images", layers: "/layers", eventsKept: 100, jobsKept: 20)
    }

    /// A view with one cell that has reported.
    static func view() -> PlatformView {
        var view = PlatformView()
        view.put(
            .cell(CellRecord(id: cell, zone: "default", capacity: capacity, machineID: machineID, bootID: "boot")),
            revision: 1)
        return view
    }

    static func moment(_ milliseconds: Int64 = 0) -> Moment {
        Moment(wall: start + milliseconds, monotonic: MonotonicTime(milliseconds: 1_000_000 + milliseconds))
    }
}
