import FoundryModel

/// Turns an image's user into numbers by the image's own tables.
struct ImageUser {
    private let tree: LayeredTree

    init(_ tree: LayeredTree) { self.tree = tree }

    private struct User {
        var name: String
        var uid: UInt32
        var gid: UInt32
    }

    private struct Group {
        var name: String
        var gid: UInt32
        var members: [String]
    }

    /// - Parameter text: `user`, `uid`, `user:group`, `uid:gid` or a mixture; empty means root. A number need not be in the tables. Without a group
    ///   the user's own is taken, and those that list it as a member.
    func resolve(_ text: String, image: String) throws(FoundryError) -> ContainerUser {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let (wanted, group) = (parts.first ?? "", parts.count > 1 ? parts[1] : "")
        let user = try user(wanted.isEmpty ? "0" : wanted, image)
        guard group.isEmpty else { return ContainerUser(uid: user.uid, gid: try gid(group, image)) }
        let additional = groups().filter { $0.members.contains(user.name) && $0.gid != user.gid }.map(\.gid)
        return ContainerUser(uid: user.uid, gid: user.gid, additionalGroups: Set(additional).sorted())
    }

    private func user(_ text: String, _ image: String) throws(FoundryError) -> User {
        let users = lines("/etc/passwd").compactMap { fields -> User? in
            guard fields.count >= 4, let uid = UInt32(fields[2]), let gid = UInt32(fields[3]) else { return nil }
            return User(name: fields[0], uid: uid, gid: gid)
        }
        if let named = users.first(where: { $0.name == text }) { return named }
        if let uid = UInt32(text), uid <= Int32.max {
            return users.first { $0.uid == uid } ?? User(name: "", uid: uid, gid: 0)
        }
        throw FoundryError(.imageUnsupported, "Image \(image) runs as \(text), whom its /etc/passwd does not know.")
    }

    private func gid(_ text: String, _ image: String) throws(FoundryError) -> UInt32 {
        if let named = groups().first(where: { $0.name == text }) { return named.gid }
        if let gid = UInt32(text), gid <= Int32.max { return gid }
        throw FoundryError(
            .imageUnsupported, "Image \(image) runs in the group \(text), which its /etc/group does not know.")
    }

    private func groups() -> [Group] {
        lines("/etc/group").compactMap { fields in
            guard fields.count >= 4, let gid = UInt32(fields[2]) else { return nil }
            return Group(name: fields[0], gid: gid, members: fields[3].split(separator: ",").map(String.init))
        }
    }

    private func lines(_ path: String) -> [[String]] {
        (tree.text(path) ?? "").split(separator: "\n").map { line in
            line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        }
    }
}
