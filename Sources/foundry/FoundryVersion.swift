/// Which version this program is.
enum FoundryVersion {
    static let text = "0.1.0"
}
