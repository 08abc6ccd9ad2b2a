import FoundryModel
import FoundryRules

/// Reads what a manifest says about an app's route, in our words or Cloud Foundry's.
enum ManifestRoute {
    /// - Parameter domains: the addresses that routes listen at.
    /// - Throws: `port_invalid`, and what a wrong type is refused with.
    static func read(
        _ fields: inout FieldReader, into request: inout PushRequest, _ domains: [RouteScope: String]
    ) throws(FoundryError) {
        request.port = try fields.integer("port")
        request.isPublic = try fields.flag("public")
        request.noRoute = try fields.flag("no-route")
        // Both leave the port to the platform, which it does anyway; an app that has no route gets one.
        let (random, usual) = (try fields.flag("random-route"), try fields.flag("default-route"))
        if request.noRoute == nil, random == true || usual == true { request.noRoute = false }
        let places = try fields.list("routes") ?? []
        guard places.count <= 1 else {
            throw FoundryError(
                .portInvalid, "\(fields.place("routes")) has \(places.count) entries; an app has one route here.")
        }
        if let place = places.first {
            guard request.port == nil else {
                throw FoundryError(
                    .portInvalid, "\(fields.place("port")) and \(fields.place("routes")) both name a route.",
                    hint: "leave one out")
            }
            try read(place, path: "\(fields.place("routes"))[0]", into: &request, domains)
        }
        guard request.noRoute != true || (request.port == nil && request.isPublic != true) else {
            throw FoundryError(
                .portInvalid, "\(fields.place("no-route")) and a route exclude each other.", hint: "leave one out")
        }
    }

    /// `{route: 127.0.0.1:20000}`
    private static func read(
        _ value: ManifestValue, path: String, into request: inout PushRequest, _ domains: [RouteScope: String]
    ) throws(FoundryError) {
        var fields = try FieldReader(value, path: path)
        let text = try fields.text("route") ?? ""
        if let word = try fields.text("protocol"), word != "tcp" {
            throw FoundryError(
                .portInvalid, "\(path).protocol is '\(word.prefix(20))'; routes are TCP here.", hint: "leave it out")
        }
        try fields.finish()
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = Int(parts[1]),
            let scope = domains.first(where: { $0.value == parts[0] })?.key
        else {
            let known = domains.values.sorted().map { "\($0):PORT" }.joined(separator: " or ")
            throw FoundryError(
                .portInvalid, "\(path).route '\(text.prefix(80))' is not a route of this platform.",
                hint: "a route is \(known)")
        }
        request.port = port
        request.isPublic = request.isPublic == true || scope == .public
    }
}
