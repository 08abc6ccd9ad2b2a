/// Small numbers for ids, given out again when they are free.
struct HandleTable<ID: Hashable & Sendable>: Sendable {
    private var handles: [ID: Int32] = [:]
    private var ids: [ID?] = []
    private var unused: [Int32] = []

    subscript(id: ID) -> Int32? { handles[id] }

    subscript(handle: Int32) -> ID? { ids[Int(handle)] }

    mutating func handle(of id: ID) -> (handle: Int32, isNew: Bool) {
        if let handle = handles[id] { return (handle, false) }
        let handle = unused.popLast() ?? Int32(ids.count)
        if Int(handle) == ids.count { ids.append(id) } else { ids[Int(handle)] = id }
        handles[id] = handle
        return (handle, true)
    }

    /// - Parameter handle: one that is in use.
    mutating func free(_ handle: Int32) {
        _ = ids[Int(handle)].map { handles.removeValue(forKey: $0) }
        ids[Int(handle)] = nil
        unused.append(handle)
    }
}
