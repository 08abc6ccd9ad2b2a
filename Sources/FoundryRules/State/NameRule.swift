import FoundryModel

/// Apps and service instances share their names, and lie in the store under their ids: the store by itself would take two of one name.
enum NameRule {
    /// With every name that is given: the names that the plan looked at are still all there are.
    static func given(_ view: PlatformView) -> RecordWrite {
        .put(.names(NamesRecord(given: (view.names?.value.given ?? 0) + 1)), expects: .seen(view.names))
    }
}
