import Foundation
import FoundryClient
import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryServer

@Suite("Removing an image", .serialized, .timeLimit(.minutes(2)))
struct ImageRemovalTests {
    @Test("frees what no other image needs, says how much, and leaves what is shared")
    func shared() async throws {
        try await Registry.run { registry in
            try await Bench.run { bench in
                let more = try await bench.pull("\(registry.host)/team/more:1")
                _ = try await bench.pull("\(registry.host)/team/thing:1")
                let image = try await bench.platform.images.resolve(more.image.name).image
                for layer in image.layers { try bench.unpack(layer) }
                try bench.unpack(
                    ImageLayer(
                        digest: "", mediaType: "", size: .zero, diffID: "sha256:" + String(repeating: "e", count: 64)))

                let removal: ImageRemoval = try await bench.remove("\(registry.host)/team/more:1").decoded()
                #expect(removal.digest == more.image.digest && removal.freed > more.layers[1].size)
                #expect(bench.blobs().contains(LayerDirectories.name(more.layers[0].digest)))
                #expect(!bench.blobs().contains(LayerDirectories.name(more.layers[1].digest)))
                #expect(bench.unpacked() == [LayerDirectories.name(image.layers[0].diffID)], "the stray one went, too")

                let last: ImageRemoval = try await bench.remove(String(registry.digest.dropFirst(7).prefix(12)))
                    .decoded()
                #expect(last.name == "\(registry.host)/team/thing:1" && last.freed > more.layers[0].size)
                #expect(bench.blobs() == [] && bench.unpacked() == [])
                #expect(try await bench.names() == [])
            }
        }
    }

    @Test("is refused while an app runs from it, and for what is bundled or not here; one name of two may go")
    func refused() async throws {
        try await Registry.run { registry in
            try await Bench.run { bench in
                let name = "\(registry.host)/team/thing:1"
                _ = try await bench.pull(name)
                _ = try await bench.pull("\(registry.host)/team/thing:several")
                let guid = try await bench.push("applications: [{name: shop, image: \"\(name)\", disk: 100}]")
                let list: ListAnswer<ImageSummary> = try await bench.get("/foundry/v1/images")
                #expect(list.resources.first { $0.name == name }?.apps == ["shop"])

                let used = try await bench.remove(name)
                #expect(used.status == 409 && used.error?.code == .imageInUse)
                #expect(used.error?.message.contains("shop") == true && used.error?.hint == "foundry delete shop")
                #expect(try await bench.remove("\(registry.host)/team/thing:several").status == 200)
                #expect(!bench.blobs().isEmpty, "the app needs them")
                #expect(try await bench.remove("redis:7").error?.code == .imageInUse)
                #expect(try await bench.remove("redis").error?.code == .imageInUse)
                #expect(try await bench.remove("nothing").error?.code == .imageUnknown)
                #expect(try await bench.call(.delete, "/foundry/v1/images").status == 400)

                _ = try await bench.call(.delete, "/v3/apps/\(guid)?purge=true")
                #expect(try await bench.remove(name).status == 200)
                #expect(bench.blobs() == [])
            }
        }
    }

    @Test("waits for no push: it is refused while one is on its way, and no push begins in the middle of it")
    func apart() throws {
        let use = ImageUse()
        var token: ImageUse.Token? = use.begin()
        #expect(throws: FoundryError.self) { try use.exclusively { () throws(FoundryError) in } }
        withExtendedLifetime(token) {}
        token = nil
        #expect(try use.exclusively { () throws(FoundryError) in 7 } == 7)
    }
}

extension Bench {
    func remove(_ name: String) async throws -> Reply {
        try await call(.delete, "/foundry/v1/images?name=\(name)")
    }

    /// As a cell would have it.
    func unpack(_ layer: ImageLayer) throws {
        let place = LayerDirectories(root: "\(directory)/layers").place(of: layer)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try "content".write(toFile: "\(place)/file", atomically: true, encoding: .utf8)
    }

    func unpacked() -> [String] { LayerDirectories(root: "\(directory)/layers").ready() }
}
