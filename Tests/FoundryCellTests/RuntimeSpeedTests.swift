import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryCell

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("A member's start", .serialized, .enabled(if: isRoot, "needs root"))
struct RuntimeSpeedTests {
    private static let rounds = 11

    @Test("takes less than three times a plain `runc run` of the same image")
    func start() async throws {
        try await RuntimeGround.run { ground in
            let order = try await ground.order("echo up; exec sleep 1000")
            try await ground.images.unpack(order.spec.image)
            let plain = try await plainBundle(ground)
            var (ours, runc, removal): ([Int64], [Int64], [Int64]) = ([], [], [])
            for _ in 0..<Self.rounds {
                ours.append(
                    try await milliseconds {
                        try await ground.create(order)
                        try await ground.runtime.start(order.id)
                    })
                try await ground.runtime.kill(order.id)
                removal.append(
                    try await milliseconds {
                        try await ground.runtime.delete(order.id)
                        try ground.rootfs.unmount(order.id)
                    })
                runc.append(
                    try await milliseconds {
                        try await Command().run(
                            "sh",
                            ["-c", "runc --root \(plain)/runc run -d -b \(plain) plain </dev/null >/dev/null 2>&1"])
                    })
                try await Command().run("runc", ["--root", "\(plain)/runc", "delete", "--force", "plain"])
            }
            let (our, their) = (median(ours), median(runc))
            print(
                "start of a member: mount, create, start \(our) ms; plain runc run \(their) ms; delete and unmount \(median(removal)) ms"
            )
            #expect(Double(our) < 3 * Double(their))
        }
    }

    @Test("of many is observed in milliseconds, without starting a program")
    func observation() async throws {
        try await RuntimeGround.run { ground in
            let order = try await ground.order("exec sleep 1000")
            for index in 0..<20 {
                var another = order
                another.id = try #require(MemberID("member-\(index)-\(ground.paths.instance)"))
                try await ground.create(another)
                try await ground.runtime.start(another.id)
            }
            let fresh = try ground.anotherRuntime()
            #expect(try await fresh.observe().count == 20)
            var times: [Int64] = []
            for _ in 0..<Self.rounds { times.append(try await milliseconds { _ = try await fresh.observe() }) }
            print("20 members are observed in \(median(times)) ms")
            #expect(median(times) < 200)
        }
    }

    /// The same layer, without limits, filter or network.
    private func plainBundle(_ ground: RuntimeGround) async throws -> String {
        let order = try await ground.order("exec sleep 1000")
        let bundle = "\(ground.paths.data)/plain"
        let layer = ground.images.lowerDirectories(order.spec.image)[0]
        try await Command().run(
            "sh",
            [
                "-c",
                """
                mkdir -p \(bundle) && cd \(bundle) && cp -a \(layer) rootfs && runc spec && jq '.process.terminal = false
                | .process.args = ["/bin/sh", "-c", "exec sleep 1000"] | .linux.cgroupsPath = "/foundry-\(ground.paths.instance)/plain"' config.json >new && mv new config.json
                """,
            ])
        return bundle
    }

    private func milliseconds(_ work: () async throws -> Void) async throws -> Int64 {
        let began = SystemClock.monotonic()
        try await work()
        return SystemClock.monotonic() - began
    }

    private func median(_ values: [Int64]) -> Int64 { values.sorted()[values.count / 2] }
}
