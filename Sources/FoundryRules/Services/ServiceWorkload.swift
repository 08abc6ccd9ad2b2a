import FoundryModel

extension AppRecord {
    /// What runs for a service instance is changed, and goes, with that instance only.
    ///
    /// - Parameter verb: completes "cannot be": `scaled`.
    /// - Throws: `service_workload`.
    func refuseService(_ verb: String, hint: String) throws(FoundryError) {
        if spec.service != nil { throw serviceRefusal(verb, hint: hint) }
    }

    func serviceRefusal(_ verb: String, hint: String) -> FoundryError {
        FoundryError(.serviceWorkload, "\(name) is a service instance, and cannot be \(verb) as an app.", hint: hint)
    }
}
