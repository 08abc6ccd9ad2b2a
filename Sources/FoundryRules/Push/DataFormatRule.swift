import FoundryModel

/// Whether another image can open what the image before it wrote on a disk.
///
/// An image says by variables of its own in which format its engine keeps files, and which others it opens. What says nothing is judged by its name.
enum DataFormatRule {
    /// `postgresql-15`: images of one format open each other's files.
    static let formatVariable = "FOUNDRY_DATA_FORMAT"
    /// Formats beside its own, with commas.
    static let opensVariable = "FOUNDRY_DATA_OPENS"

    /// - Returns: what a person should know before it is done; nil: nothing.
    /// - Throws: `image_unfit` when the new image says which files it opens, and these are not among them.
    static func judge(_ app: AppName, from old: ResolvedImage, to new: ResolvedImage) throws(FoundryError) -> String? {
        guard old.manifestDigest != new.manifestDigest else { return nil }
        guard let written = format(old), let own = format(new) else {
            return isSameLine(old, new)
                ? nil : "Nothing says whether \(new.name) can open what \(old.name) wrote on the disk of \(app)."
        }
        guard written != own else { return nil }
        guard opens(new).contains(written) else {
            throw FoundryError(
                .imageUnfit,
                "\(new.name) does not open files of \(written), which the disk of \(app) has: it opens \(opened(new, own)).",
                hint: "push it under another name, and bring the data over with the engine's own dump and restore")
        }
        guard opens(old).contains(own) else {
            return
                "Once \(new.name) has opened the disk of \(app), \(old.name) may not open it any more: a way back then needs a snapshot from before."
        }
        return nil
    }

    private static func format(_ image: ResolvedImage) -> Substring? {
        DeferralRule.value(of: formatVariable, in: image).flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func opens(_ image: ResolvedImage) -> [Substring] {
        (DeferralRule.value(of: opensVariable, in: image) ?? "").split(separator: ",")
    }

    private static func opened(_ image: ResolvedImage, _ own: Substring) -> String {
        ([own] + opens(image)).joined(separator: ", ")
    }

    /// One repository, and tags that begin with the same number.
    private static func isSameLine(_ old: ResolvedImage, _ new: ResolvedImage) -> Bool {
        let (before, after) = (line(old.name), line(new.name))
        return before.repository == after.repository && before.major == after.major && before.major != nil
    }

    private static func line(_ name: String) -> (repository: Substring, major: Int?) {
        let untagged = name.prefix { $0 != "@" }
        let place = untagged.lastIndex(of: ":") ?? untagged.endIndex
        return (untagged[..<place], Int(untagged[place...].dropFirst().prefix { $0.isNumber }))
    }
}
