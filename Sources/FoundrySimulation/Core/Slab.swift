/// Values that come and go, named by handles that are never mistaken for another's: whoever holds an old one finds nothing.
struct Slab<Value> {
    struct Handle: Hashable, Comparable, Sendable {
        fileprivate let index: UInt32
        fileprivate let generation: UInt32

        static func < (left: Handle, right: Handle) -> Bool {
            (left.index, left.generation) < (right.index, right.generation)
        }

        /// Of no value.
        static var none: Handle { Handle(index: .max, generation: 0) }
    }

    private struct Place {
        var generation: UInt32
        var value: Value?
    }

    private var places: [Place] = []
    private var free: [UInt32] = []

    init() {}

    var count: Int { places.count - free.count }

    mutating func insert(_ value: Value) -> Handle {
        if let index = free.popLast() {
            places[Int(index)].value = value
            return Handle(index: index, generation: places[Int(index)].generation)
        }
        places.append(Place(generation: 1, value: value))
        return Handle(index: UInt32(places.count - 1), generation: 1)
    }

    /// Setting nil removes; setting through an old handle changes nothing.
    subscript(handle: Handle) -> Value? {
        @inline(__always)
        get {
            guard isValid(handle) else { return nil }
            return places[Int(handle.index)].value
        }
        @inline(__always)
        _modify {
            guard isValid(handle) else {
                var nothing: Value?
                yield &nothing
                return
            }
            yield &places[Int(handle.index)].value
            if places[Int(handle.index)].value == nil { retire(handle) }
        }
    }

    @discardableResult
    mutating func remove(_ handle: Handle) -> Value? {
        guard isValid(handle) else { return nil }
        let value = places[Int(handle.index)].value
        places[Int(handle.index)].value = nil
        retire(handle)
        return value
    }

    /// Removes every value; handles given out so far find nothing from then on.
    mutating func removeAll() {
        for handle in handles { remove(handle) }
    }

    /// Of all values, in the order of their places.
    var handles: [Handle] { (0..<places.count).compactMap { handle(at: $0) } }

    /// Handles lie at places from 0 to this, less one; for loops that take no memory.
    var placeCount: Int { places.count }

    /// nil where no value lies.
    @inline(__always)
    func handle(at place: Int) -> Handle? {
        places[place].value == nil
            ? nil : Handle(index: UInt32(truncatingIfNeeded: place), generation: places[place].generation)
    }

    @inline(__always)
    private func isValid(_ handle: Handle) -> Bool {
        Int(handle.index) < places.count && places[Int(handle.index)].generation == handle.generation
            && places[Int(handle.index)].value != nil
    }

    private mutating func retire(_ handle: Handle) {
        places[Int(handle.index)].generation &+= 1
        free.append(handle.index)
    }
}
