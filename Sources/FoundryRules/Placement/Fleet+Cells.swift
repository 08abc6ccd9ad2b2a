import FoundryModel

extension Fleet {
    /// Takes over a cell's record: new, or changed in any way.
    public mutating func put(_ cell: FleetCell) { put([cell]) }

    /// Takes over many cells at once, which is far quicker than one by one.
    public mutating func put(_ cells: [FleetCell]) {
        var touched: Set<Int32> = []
        for cell in cells {
            let handle = entry(of: cell.id)
            let index = Int(handle)
            let capacity = ResourceAmounts(cell)
            let zone = zone(named: cell.zone)
            let old = self.cells[index]
            if old.isKnown, old.zone != zone { touched.insert(old.zone) }
            let images = Self.sorted(cell.images)
            let isSame = old.isKnown && old.zone == zone && old.capacity == capacity && names(of: old.images) == images
            self.cells[index].isKnown = true
            self.cells[index].zone = zone
            self.cells[index].capacity = capacity
            self.cells[index].availability = cell.availability
            if isSame, !touched.contains(zone) {
                settle(handle)
            } else {
                setImages(images, on: index)
                touched.insert(zone)
            }
        }
        rebuild(touched)
    }

    /// Forgets a cell. What lies on it stays counted, on a cell that takes nothing, until its records go too.
    public mutating func remove(cell: CellID) {
        guard let handle = cellHandles[cell], cells[Int(handle)].isKnown else { return }
        let index = Int(handle)
        let zone = cells[index].zone
        setImages([], on: index)
        cells[index].isKnown = false
        cells[index].zone = -1
        cells[index].capacity = ResourceAmounts()
        rebuild([zone])
        dropIfEmpty(handle)
    }

    /// Says whether a cell may take members; an unknown cell is left as it is.
    public mutating func set(_ availability: CellAvailability, of cell: CellID) {
        guard let handle = cellHandles[cell], cells[Int(handle)].isKnown else { return }
        cells[Int(handle)].availability = availability
        settle(handle)
    }

    /// An image was unpacked on a cell. For what is no longer there, put the cell again.
    public mutating func add(image: String, to cell: CellID) {
        guard let handle = cellHandles[cell], cells[Int(handle)].isKnown else { return }
        let index = Int(handle)
        let image = self.image(named: image)
        guard !cells[index].images.contains(image) else { return }
        imageCells[Int(image)] += 1
        cells[index].images.append(image)
        zones[Int(cells[index].zone)].setImage(image, at: Int(cells[index].position))
    }

    /// The handle of a cell, known or not.
    mutating func entry(of cell: CellID) -> Int32 {
        let (handle, isNew) = cellHandles.handle(of: cell)
        if Int(handle) == cells.count {
            cells.append(CellEntry(id: cell))
        } else if isNew {
            cells[Int(handle)] = CellEntry(id: cell)
        }
        return handle
    }

    mutating func dropIfEmpty(_ handle: Int32) {
        if !cells[Int(handle)].isKnown, cells[Int(handle)].claims == 0 { cellHandles.free(handle) }
    }

    /// Takes a change of one cell over into its zone.
    mutating func settle(_ handle: Int32) {
        let zone = cells[Int(handle)].zone
        if zone >= 0 { zones[Int(zone)].update(&cells[Int(handle)], largest: largest) }
    }

    /// Makes the given zones anew, and all of them when "the most that any cell has" changed.
    private mutating func rebuild(_ touched: Set<Int32>) {
        guard !touched.isEmpty else { return }
        let known = cells.indices.filter { cells[$0].isKnown }
        let most = known.reduce(ResourceAmounts()) { .max($0, cells[$1].limited) }
        let isSame = most == largest
        largest = most
        var members: [[Int32]] = Array(repeating: [], count: zones.count)
        for index in known { members[Int(cells[index].zone)].append(Int32(index)) }
        for zone in zones.indices where !isSame || touched.contains(Int32(zone)) {
            let sorted = members[zone].sorted { cells[Int($0)].id < cells[Int($1)].id }
            zones[zone].rebuild(sorted, entries: &cells, largest: largest)
        }
    }

    private mutating func zone(named name: String) -> Int32 {
        let (handle, _) = zoneHandles.handle(of: name)
        if Int(handle) == zones.count { zones.append(FleetZone(name: name)) }
        return handle
    }

    private mutating func image(named name: String) -> Int32 {
        let (handle, _) = imageHandles.handle(of: name)
        if Int(handle) == imageCells.count { imageCells.append(0) }
        return handle
    }

    private mutating func setImages(_ names: [String], on index: Int) {
        let new = names.map { image(named: $0) }
        for image in new { imageCells[Int(image)] += 1 }
        for image in cells[index].images {
            imageCells[Int(image)] -= 1
            if imageCells[Int(image)] == 0 { imageHandles.free(image) }
        }
        cells[index].images = new
    }

    private func names(of images: [Int32]) -> [String] { images.compactMap { imageHandles[$0] }.sorted() }

    private static func sorted(_ names: [String]) -> [String] { Set(names).sorted() }
}

extension CellEntry {
    /// Its capacity without what is unlimited: that is no measure for others.
    fileprivate var limited: ResourceAmounts {
        var amounts = capacity
        if amounts.operations == ResourceAmounts.unlimited { amounts.operations = 0 }
        if amounts.throughput == ResourceAmounts.unlimited { amounts.throughput = 0 }
        return amounts
    }
}
