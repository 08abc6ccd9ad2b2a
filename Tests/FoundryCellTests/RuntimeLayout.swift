import FoundryEffects
import FoundryModel
import FoundryTestSupport
import Testing

@testable import FoundryCell

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An OCI layout with small images, made from Debian's static busybox.
struct TestLayout: Sendable {
    enum Packing: String, CaseIterable, Sendable {
        case zstd = "application/vnd.oci.image.layer.v1.tar+zstd"
        case gzip = "application/vnd.oci.image.layer.v1.tar+gzip"
        case dockerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip"
        case none = "application/vnd.oci.image.layer.v1.tar"

        var command: String {
            switch self {
            case .zstd: "zstd -q -c"
            case .gzip, .dockerGzip: "gzip -n -c"
            case .none: "cat"
            }
        }
    }

    let path: String

    /// - Parameter script: fills the current directory, which becomes the layer.
    func layer(_ script: String, _ packing: Packing = .none) async throws -> ImageLayer {
        try await layer(
            tar:
                "mkdir tree && (cd tree && \(script)) && tar --sort=name --mtime=@0 --numeric-owner -C tree -cf layer.tar .",
            packing)
    }

    /// - Parameter script: makes `layer.tar` in the current directory.
    func layer(tar script: String, _ packing: Packing = .none) async throws -> ImageLayer {
        let text = """
            set -eu; umask 022
            blobs='\(path)/blobs/sha256'; mkdir -p "$blobs"; work=$(mktemp -d '\(path)/work.XXXXXX'); cd "$work"
            { \(script); } >&2
            diff=$(sha256sum <layer.tar | cut -d' ' -f1)
            \(packing.command) <layer.tar >blob
            digest=$(sha256sum <blob | cut -d' ' -f1); size=$(stat -c %s blob)
            mv blob "$blobs/$digest"; cd /; rm -rf "$work"
            echo "$digest $size $diff"
            """
        let words = try await Command().run("sh", ["-c", text], limit: Patience.seconds(30)).split(
            whereSeparator: \.isWhitespace
        ).map(String.init)
        return ImageLayer(
            digest: "sha256:\(words[0])", mediaType: packing.rawValue,
            size: ByteCount(bytes: try #require(Int64(words[1]))),
            diffID: "sha256:\(words[2])")
    }

    func image(
        _ layers: [ImageLayer], _ configuration: ImageConfiguration = ImageConfiguration()
    ) throws -> ResolvedImage {
        ResolvedImage(
            reference: try #require(ImageReference(parsing: "test")), name: "test:1", source: .bundled,
            manifestDigest: "sha256:" + String(repeating: "0", count: 64), layers: layers, configuration: configuration)
    }

    /// A shell with its tools, and the users root and worker (of the groups worker and extra).
    func busybox(_ packing: Packing = .none) async throws -> ImageLayer {
        try await layer(
            """
            mkdir -p bin etc home proc sys dev tmp data cache && cp /usr/bin/busybox bin/busybox && chmod 1777 tmp
            bin/busybox --list | grep -vx busybox | perl -nle 'symlink("busybox", "bin/$_") or die $!'
            printf 'root:x:0:0::/root:/bin/sh\\nworker:x:1234:1235::/home:/bin/sh\\n' >etc/passwd
            printf 'root:x:0:\\nworker:x:1235:\\nextra:x:1300:root,worker\\n' >etc/group
            chown 1234:1235 cache home; chmod 0750 cache
            """, packing)
    }

    /// A layer with one program from C source, at `/probe`.
    func program(_ source: String) async throws -> ImageLayer {
        try await layer(
            """
            printf '%s' '\(Data(source.utf8).base64EncodedString())' | base64 -d >source.c
            PATH=$PATH:$(dirname "$(readlink -f "$(command -v swift)")") clang -static -O1 -w -o probe source.c && rm source.c
            """)
    }
}
