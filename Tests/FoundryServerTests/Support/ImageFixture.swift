import Foundation

/// An OCI layout with two images, whose layers are only named: nothing here unpacks them.
enum ImageFixture {
    static func write(to directory: String) throws {
        try FileManager.default.createDirectory(atPath: "\(directory)/blobs/sha256", withIntermediateDirectories: true)
        let redis = try image(
            directory, seed: 1,
            config: #"{"Entrypoint":["/redis"],"ExposedPorts":{"6379/tcp":{}},"Volumes":{"/data":{}}}"#)
        let postgres = try image(
            directory, seed: 2,
            config:
                #"{"Entrypoint":["/pg"],"Cmd":null,"ExposedPorts":{"5432/tcp":{}},"Volumes":{"/var/lib/postgresql/data":{}},"StopSignal":"SIGINT"}"#
        )
        let version = #","org.opencontainers.image.title":"Redis","org.opencontainers.image.version":"7.0.15""#
        let tool = try image(directory, seed: 3, config: #"{"Cmd":["/tool"]}"#)
        let entries = [("redis:7", redis), ("postgresql:15", postgres), ("tool:1", tool)].map { name, digest in
            #"{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\#(digest)","size":1,"annotations":{"org.opencontainers.image.ref.name":"\#(name)"\#(name == "redis:7" ? version : "")}}"#
        }
        try write(
            #"{"schemaVersion":2,"manifests":[\#(entries.joined(separator: ","))]}"#, to: "\(directory)/index.json")
    }

    private static func image(_ directory: String, seed: Int, config: String) throws -> String {
        let configuration = try blob(
            directory, seed * 10,
            #"{"architecture":"\#(architecture)","os":"linux","config":\#(config),"rootfs":{"type":"layers","diff_ids":["\#(digest(seed * 10 + 2))"]}}"#
        )
        return try blob(
            directory, seed * 10 + 1,
            #"""
            {"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"\#(configuration)","size":1},
            "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+zstd","digest":"\#(digest(seed * 10 + 3))","size":1000}]}
            """#)
    }

    private static func blob(_ directory: String, _ number: Int, _ text: String) throws -> String {
        try write(text, to: "\(directory)/blobs/sha256/\(digest(number).dropFirst(7))")
        return digest(number)
    }

    private static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    static func digest(_ number: Int) -> String {
        "sha256:" + String(repeating: "0", count: 60) + String(format: "%04x", number)
    }

    private static var architecture: String {
        #if arch(arm64)
        "arm64"
        #else
        "amd64"
        #endif
    }
}
