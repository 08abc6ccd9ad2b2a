import FoundryEffects
import FoundryModel
import Glibc
import Testing

@testable import FoundryCell

/// Layers, unpacked by the real tar and friends.
@Suite("An image", .serialized, .enabled(if: isRoot, "needs root"))
struct ImagesTests {
    @Test("is unpacked from each packing, with owners, modes and times", arguments: TestLayout.Packing.allCases)
    func packings(packing: TestLayout.Packing) async throws {
        try await RuntimeGround.run { ground in
            let script =
                "mkdir -m 0555 closed && echo x >closed/file && chown -R 42:43 closed && chmod 4711 closed/file && ln closed/file again && mkfifo pipe"
            let image = try ground.layout.image([try await ground.layout.layer(script, packing)])
            try await ground.images.unpack(image)
            let place = ground.images.lowerDirectories(image)[0]
            #expect(
                try await listing(place) == [
                    "again 4711 42:43 2", "closed 555 42:43 2", "closed/file 4711 42:43 2", "pipe 644 0:0 1",
                ])
            #expect(place.hasSuffix("/" + image.layers[0].diffID.dropFirst(7)))
        }
    }

    @Test("hides with its upper layers what they removed")
    func whiteouts() async throws {
        try await RuntimeGround.run { ground in
            let lower = try await ground.layout.layer(
                "mkdir -p gone stay full/deep mixed; touch gone/a stay/b full/c full/deep/d mixed/e file kept")
            let upper = try await ground.layout.layer(
                """
                mkdir -p stay full mixed; touch .wh.gone .wh.file stay/.wh.b stay/new full/.wh..wh..opq full/own
                mkdir again; touch .wh.again .wh..wh.aufs mixed/f .wh.mixed
                """)
            let image = try ground.layout.image([lower, upper])
            try await ground.images.unpack(image)
            let root = try ground.rootfs.mount(ground.member, layers: ground.images.lowerDirectories(image))
            // `mixed` is in the upper layer itself, beside its mark: what lies below it is hidden.
            #expect(
                try await listing(root).map { $0.prefix { $0 != " " } } == [
                    "again", "full", "full/own", "kept", "mixed", "mixed/f", "stay", "stay/new",
                ])
            let tree = LayeredTree(layers: ground.images.lowerDirectories(image))
            #expect(["/kept", "/full/own", "/mixed/f", "/stay/new"].allSatisfy { tree.text($0) == "" })
            #expect(
                ["/file", "/gone/a", "/stay/b", "/full/c", "/full/deep/d", "/mixed/e", "/full"].allSatisfy {
                    tree.text($0) == nil
                })
        }
    }

    @Test("whose bytes are not what its digests say is refused, and nothing of it stays")
    func digests() async throws {
        try await RuntimeGround.run { ground in
            let good = try await ground.layout.layer("echo x >file", .gzip)
            var wrongContent = good
            wrongContent.diffID = "sha256:" + String(repeating: "a", count: 64)
            await expect(.imageUnsupported) { try await ground.images.unpack(ground.layout.image([wrongContent])) }
            #expect(try HostFiles.names(in: ground.layers).filter { $0.count == 64 } == [])

            let blob = "\(ground.layout.path)/blobs/sha256/\(good.digest.dropFirst(7))"
            try await Command().run("sh", ["-c", "printf x | dd of=\(blob) bs=1 seek=12 conv=notrunc status=none"])
            await expect(.imageUnsupported) { try await ground.images.unpack(ground.layout.image([good])) }
            try HostFiles.removeFile(blob)
            await expect(.imageUnknown) { try await ground.images.unpack(ground.layout.image([good])) }
            #expect(try HostFiles.names(in: "\(ground.layers)/unfinished") == [])
        }
    }

    @Test("cannot write outside of its layer, whatever its tar holds", arguments: Hostile.allCases)
    func hostile(_ kind: Hostile) async throws {
        try await RuntimeGround.run { ground in
            let outside = "\(ground.paths.data)/outside"
            try HostFiles.makeDirectory(outside)
            try await Command().run("sh", ["-c", "echo untouched >\(outside)/victim"])
            let image = try ground.layout.image([try await ground.layout.layer(tar: kind.script(outside: outside))])
            do {
                try await ground.images.unpack(image)
                #expect(!kind.isRefused, "it was unpacked")
                let place = ground.images.lowerDirectories(image)[0]
                let kinds = try await Command().run("find", [place, "-type", "b", "-o", "-type", "c"])
                #expect(kinds == "", "no device")
                #expect(
                    try await Command().run("getfattr", ["-R", "-P", "-d", "-m", "-", "--absolute-names", place]) == "")
            } catch let error as FoundryError {
                #expect(kind.isRefused && error.code == .imageUnsupported, "\(error)")
            }
            #expect(try HostFiles.names(in: outside) == ["victim"])
            #expect(ProcFile.read("\(outside)/victim") == "untouched\n")
            #expect(
                !HostFiles.exists("/evil") && !HostFiles.exists("/tmp/evil")
                    && !HostFiles.exists("\(ground.layers)/evil"))
        }
    }

    @Test("that unpacks to more than its bound ends there, and nothing of it stays")
    func bomb() async throws {
        try await RuntimeGround.run { ground in
            let layer = try await ground.layout.layer("truncate -s 64M zeros && cat zeros zeros >more", .gzip)
            #expect(layer.size < .megabytes(1))
            let store = ImageStore(
                paths: ground.paths, configuration: RuntimeGround.configuration(ground.ground),
                largestLayer: .megabytes(16))
            await expect(.imageUnsupported) { try await store.unpack(ground.layout.image([layer])) }
            #expect(try HostFiles.names(in: "\(ground.layers)/unfinished") == [])
            #expect(try HostFiles.names(in: ground.layers).filter { $0.count == 64 } == [])
            try await ground.images.unpack(ground.layout.image([layer]))
        }
    }

    @Test("that was collected is unpacked again when a member begins, and one that a member runs from is not collected")
    func collected() async throws {
        try await RuntimeGround.run { ground in
            let layers = [
                try await ground.layout.layer("echo one >one"), try await ground.layout.layer("echo two >two"),
            ]
            let image = try ground.layout.image(layers)
            try await ground.images.unpack(image)
            let names = layers.map { LayerDirectories.name($0.diffID) }
            let collection = LayerCollection(LayerDirectories(root: ground.layers))
            try ground.rootfs.mount(ground.member, layers: ground.images.lowerDirectories(image))
            #expect(try await collection.remove(names) == .zero)
            #expect(try HostFiles.names(in: ground.layers).filter { $0.count == 64 }.count == 2)

            try ground.rootfs.unmount(ground.member)
            #expect(try await collection.remove(names) > .zero)
            #expect(try HostFiles.names(in: ground.layers).filter { $0.count == 64 } == [])
            #expect(try HostFiles.names(in: "\(ground.layers)/unfinished") == [])
            try await ground.images.unpack(image)
            #expect(try await listing(ground.images.lowerDirectories(image)[0]) == ["two 644 0:0 1"])
        }
    }

    @Test("that a killed cell had half unpacked is unpacked anew, and the rest is removed")
    func halfUnpacked() async throws {
        try await RuntimeGround.run { ground in
            let layer = try await ground.layout.layer("echo whole >file")
            let directories = LayerDirectories(root: ground.layers)
            try directories.prepare()
            for name in [LayerDirectories.name(layer.diffID), String(repeating: "b", count: 64)] {
                try HostFiles.makeDirectory("\(directories.unfinished)/\(name)/half")
            }
            let image = try ground.layout.image([layer])
            #expect(!directories.isReady(layer))
            try await ground.images.unpack(image)
            #expect(try await listing(ground.images.lowerDirectories(image)[0]) == ["file 644 0:0 1"])
            #expect(try HostFiles.names(in: directories.unfinished) == [])
        }
    }

    @Test("is unpacked once by several at a time, each of which waits for it")
    func together() async throws {
        try await RuntimeGround.run { ground in
            let image = try ground.layout.image([
                try await ground.layout.busybox(.zstd), try await ground.layout.layer("touch x"),
            ])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    let store = ImageStore(
                        paths: ground.paths, configuration: RuntimeGround.configuration(ground.ground))
                    group.addTask { try await store.unpack(image) }
                }
                try await group.waitForAll()
            }
            #expect(try HostFiles.names(in: ground.layers).filter { $0.count == 64 }.count == 2)
        }
    }

    @Test("names its user by its own tables, upper layers first, and no link leads out of it")
    func users() async throws {
        try await RuntimeGround.run { ground in
            let above = try await ground.layout.layer(
                """
                mkdir -p etc usr/lib && ln -s ../../../../usr/lib/people etc/passwd && echo 'worker:x:77:78::/:' >usr/lib/people
                printf 'worker:x:78:\\nextra:x:79:worker,other\\nmore:x:78:worker\\n' >etc/group
                """)
            let image = try ground.layout.image([try await ground.layout.busybox(), above])
            let escape = try ground.layout.image([
                try await ground.layout.layer(
                    "mkdir etc && ln -s /etc/passwd etc/group && ln -s \(ground.paths.data)/outside etc/passwd")
            ])
            try await Command().run("sh", ["-c", "echo 'worker:x:666:666::/:' >\(ground.paths.data)/outside"])
            for image in [image, escape] { try await ground.images.unpack(image) }
            let user = { (text: String, image: ResolvedImage) throws in
                var image = image
                image.configuration.user = text
                return try ground.images.user(image)
            }
            #expect(try user("worker", image) == ContainerUser(uid: 77, gid: 78, additionalGroups: [79]))
            #expect(try user("worker:extra", image) == ContainerUser(uid: 77, gid: 79))
            #expect(try user("77", image) == ContainerUser(uid: 77, gid: 78, additionalGroups: [79]))
            #expect(try user("500:600", image) == ContainerUser(uid: 500, gid: 600))
            #expect(try user("500", image) == ContainerUser(uid: 500, gid: 0))
            #expect(try user("", image) == .root)
            await expect(.imageUnsupported) { _ = try user("worker", escape) }
            await expect(.imageUnsupported) { _ = try user("nobody", image) }
        }
    }

    private func listing(_ directory: String) async throws -> [String] {
        try await Command().run("find", [directory, "-mindepth", "1", "-printf", "%P %m %U:%G %n\n"]).split(
            separator: "\n"
        ).map(String.init).sorted()
    }
}

/// Tars that no honest tool makes.
enum Hostile: String, CaseIterable, Sendable {
    case parentPath, absolutePath, absoluteLink, relativeLink, hardLink, device, deviceInDev, attribute,
        whiteoutOfParent

    var isRefused: Bool {
        switch self {
        case .parentPath, .absoluteLink, .relativeLink, .hardLink, .device, .whiteoutOfParent: true
        case .absolutePath, .deviceInDev, .attribute: false
        }
    }

    /// Makes `layer.tar` in the current directory.
    func script(outside: String) -> String {
        let evil = "echo evil >evil"
        switch self {
        case .parentPath: return "\(evil); tar -P --transform 's,^,../,' -cf layer.tar evil"
        case .absolutePath: return "\(evil); tar -P --transform 's,^,/,' -cf layer.tar evil"
        case .absoluteLink:
            return
                "\(evil); ln -s \(outside) link; tar -cf layer.tar link; tar --transform 's,^,link/,' -rf layer.tar evil"
        case .relativeLink:
            return
                "\(evil); ln -s ../../../../../../../..\(outside) link; tar -cf layer.tar link; tar --transform 's,^,link/,' -rf layer.tar evil"
        case .hardLink:
            return
                "ln \(outside)/victim one; ln one two; tar -P --transform 's,^one,\(outside)/victim,' -cf layer.tar one two && tar --delete -f layer.tar \(outside)/victim"
        case .device: return "mknod disk b 8 0; tar -cf layer.tar disk"
        case .deviceInDev: return "mkdir dev; mknod dev/null c 1 3; tar -cf layer.tar ./dev dev"
        case .attribute:
            return
                "mkdir d; setfattr -n trusted.overlay.redirect -v /etc d; touch f; setfattr -n user.x -v y f; tar --xattrs --xattrs-include='*' -cf layer.tar d f"
        case .whiteoutOfParent: return "mkdir d; touch d/.wh...; tar -cf layer.tar d"
        }
    }
}

extension RuntimeGround {
    var layers: String { "\(paths.data)/layers" }
}
