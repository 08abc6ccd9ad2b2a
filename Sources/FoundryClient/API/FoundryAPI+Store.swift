import FoundryModel

extension FoundryAPI {
    /// Takes a backup of the store.
    ///
    /// - Parameter write: told each piece of the file, in order. It throws errors of ours only.
    /// - Throws: also `unreachable` when the answer broke off; the file's first line says how long it must be.
    public func storeBackup(_ write: ([UInt8]) throws -> Void) async throws(FoundryError) {
        let call = APICall(method: .get, path: ["foundry", "v1", "store", "backup"], limit: APICall.longestLimit)
        let response = try await connection.open(call)
        do {
            for try await piece in response.body { try write(Array(piece.readableBytesView)) }
        } catch {
            throw error as? FoundryError ?? connection.failure(error)
        }
    }
}
