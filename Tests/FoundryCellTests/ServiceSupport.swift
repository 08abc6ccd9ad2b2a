import FoundryEffects
import FoundryModel
import FoundryTestSupport
import Testing

@testable import FoundryCell

/// A member of an instance, in a container of a test's own.
extension RuntimeGround {
    static let secret = "hush-7f3a"

    /// - Parameter files: shell that fills `foundry` of the image.
    func serviceOrder(
        _ script: String, files: String = "true", templates: [ReleaseTemplate] = [], verbs: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> MemberOrder {
        let configuration = ImageConfiguration(
            entrypoint: ["/bin/sh", "-c"], command: [script], environment: ["PATH=/bin"], user: "worker",
            workingDirectory: "/home")
        let release = try await layout.layer("mkdir -p foundry/verbs foundry/templates && cd foundry && \(files)")
        let image = try await layout.image([layout.busybox(), release], configuration)
        var order = try await order(image: image, environment: environment)
        order.spec.service = ServiceSpec(
            instance: try #require(ServiceInstanceID("orders")), values: ["max_connections": "50", "journal": "true"],
            waiting: [], templates: templates, cluster: ReleaseCluster(start: .together), verbs: verbs, data: "/data")
        order.service = ServiceOrder(
            secrets: ServiceSecrets(
                named: ["admin_password": Secret(Self.secret)],
                tls: ServiceCertificate(
                    authority: "the CA", certificate: "the certificate", key: Secret("the key of \(Self.secret)"),
                    expiresAt: SystemClock.timestamp())),
            isFounded: true, peers: peers(["orders-db-0": Self.slot, "orders-db-1": 9]))
        return order
    }

    func peers(_ slots: KeyValuePairs<String, Int>) -> [PeerOrder] {
        slots.enumerated().map { index, peer in
            PeerOrder(
                member: index == 0 ? member : MemberID("peer\(index)") ?? member, index: index, name: peer.key,
                slot: peer.value)
        }
    }

    func extras(_ order: MemberOrder) throws -> MemberExtras {
        try MemberExtras(order, subnet: "10.99.1", image: images.tree(order.spec.image))
    }

    /// As the cell makes it.
    func createService(_ order: MemberOrder) async throws {
        try await images.unpack(order.spec.image)
        try rootfs.mount(order.id, layers: images.lowerDirectories(order.spec.image))
        try await runtime.create(
            order, user: try images.user(order.spec.image), networkNamespace: paths.networkNamespace(order.slot),
            volumes: [], extras: try extras(order))
    }

    func startService(_ order: MemberOrder) async throws {
        try await createService(order)
        try await runtime.start(order.id)
        try await line("ready")
    }
}
