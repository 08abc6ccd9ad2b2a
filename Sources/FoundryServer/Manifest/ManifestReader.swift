import FoundryModel
import FoundryRules

/// Turns the body of `apply_manifest` into requests, strictly: nothing is passed over.
enum ManifestReader {
    /// Cloud Foundry's own fields that mean something this platform does not do.
    private static let elsewhere: [String: String] = [
        "buildpack": "push an image: docker: {image: ...}", "buildpacks": "push an image: docker: {image: ...}",
        "stack": "push an image: docker: {image: ...}", "path": "push an image: docker: {image: ...}",
        "lifecycle": "leave it out", "command": "the image says its command", "processes": "an app has one process",
        "sidecars": "leave it out", "services": "leave it out", "metadata": "leave it out",
        "log-rate-limit-per-second": "leave it out",
    ]

    /// - Parameter contentType: of the body; without one, the first byte tells.
    /// - Throws: `not_json`, `unknown_field`, `wrong_type`, `bad_request`, and what a value that cannot be read is refused with.
    static func read(
        _ bytes: [UInt8], contentType: String?, domains: [RouteScope: String]
    ) throws(FoundryError) -> [PushRequest] {
        let value = try isJSON(bytes, contentType) ? ManifestJSON.read(bytes) : ManifestYAML.read(bytes)
        var fields = try FieldReader(value, path: "")
        if let version = try fields.integer("version"), version != 1 {
            throw FoundryError(.badRequest, "The manifest is of version \(version); only 1 is known.")
        }
        guard let applications = try fields.list("applications"), !applications.isEmpty else {
            try fields.finish()
            throw FoundryError(
                .badRequest, "The manifest names no applications.", hint: "applications: [{name: demo, image: redis}]")
        }
        try fields.finish()
        guard applications.count <= ManifestLimits.applications else {
            throw FoundryError(
                .badRequest,
                "The manifest names \(applications.count) applications; \(ManifestLimits.applications) are taken at once."
            )
        }
        return try applications.enumerated().map { index, value throws(FoundryError) in
            try application(try FieldReader(value, path: "applications[\(index)]"), domains)
        }
    }

    private static func isJSON(_ bytes: [UInt8], _ contentType: String?) -> Bool {
        let type = contentType?.split(separator: ";").first.map { $0.lowercased().filter { $0 != " " } } ?? ""
        if type == "application/json" { return true }
        if type.hasSuffix("yaml") || type.hasSuffix("yml") { return false }
        return bytes.first { $0 > 0x20 } == UInt8(ascii: "{")
    }

    private static func application(
        _ fields: consuming FieldReader, _ domains: [RouteScope: String]
    ) throws(FoundryError) -> PushRequest {
        var fields = fields
        var request = PushRequest(name: try fields.text("name"), image: try image(&fields))
        request.instances = try fields.integer("instances")
        request.disk = try once(&fields, "disk", "disk_quota")
        request.memory = try fields.quantity("memory")
        request.cpu = try fields.quantity("cpu")
        let variables = try fields.variables("env")
        (request.environment, request.unset) = (
            variables.compactMapValues(\.self), Set(variables.filter { $1 == nil }.keys)
        )
        request.targetPort = try fields.integer("target-port")
        request.mount = try fields.text("mount")
        request.policy = PolicyRequest(
            restartPolicy: try fields.text("restart-policy"), diskSync: try fields.text("disk-sync"),
            ioPerformance: try fields.text("io-performance"), tolerates: try fields.text("tolerates"),
            fence: try fields.text("fence"), whenLost: try fields.text("when-lost"))
        request.ephemeral = try fields.flag("ephemeral") ?? false
        request.start = try fields.flag("start") ?? true
        try ManifestRoute.read(&fields, into: &request, domains)
        try ManifestHealth.read(&fields, into: &request)
        try fields.finish(elsewhere: elsewhere)
        return request
    }

    /// `image`, or Cloud Foundry's `docker: {image}`.
    private static func image(_ fields: inout FieldReader) throws(FoundryError) -> String {
        let ours = try fields.text("image")
        var theirs: String?
        if var docker = try fields.fields("docker") {
            theirs = try docker.text("image")
            try docker.finish(elsewhere: ["username": "private images are not supported yet"])
        }
        guard ours == nil || theirs == nil else {
            throw FoundryError(
                .imageInvalid, "\(fields.place("image")) and \(fields.place("docker.image")) both name an image.",
                hint: "leave one out")
        }
        guard let image = ours ?? theirs else {
            throw FoundryError(
                .imageInvalid, "\(fields.path) names no image.", hint: "image: redis, or docker: {image: redis}")
        }
        return image
    }

    private static func once(
        _ fields: inout FieldReader, _ ours: String, _ theirs: String
    ) throws(FoundryError) -> String? {
        let mine = try fields.quantity(ours)
        let other = try fields.quantity(theirs)
        guard mine == nil || other == nil else {
            throw FoundryError(
                .sizeInvalid, "\(fields.place(ours)) and \(fields.place(theirs)) both name a size.",
                hint: "leave one out")
        }
        return mine ?? other
    }
}
