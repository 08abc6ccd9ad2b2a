import CFoundryLinux
import FoundryEffects
import FoundryModel
import SystemPackage

/// A network namespace that lives as long as its file: bound to it in this mount namespace, so that it does not appear among the user's `ip netns`.
struct NetworkNamespace: Sendable {
    let path: String

    /// - Returns: whether it was made now.
    func make() throws(FoundryError) -> Bool {
        if try isBound() { return false }
        try HostFiles.makeDirectory(FilePath(path).removingLastComponent().string)
        try SystemCall.check(foundry_network_namespace_create(path), "make the network namespace \(path)")
        return true
    }

    func remove() throws(FoundryError) {
        while try isBound() { try SystemCall.check(foundry_unmount_lazily(path), "unbind \(path)") }
        try HostFiles.removeFile(path)
    }

    private func isBound() throws(FoundryError) -> Bool { try MountTable.read().entry(at: path)?.type == "nsfs" }
}
