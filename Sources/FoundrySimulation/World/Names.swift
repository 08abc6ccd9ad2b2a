import FoundryModel

/// The names that a world gives; short, so that they need no memory of their own.
struct Names {
    let servers: [ServerID]
    let cells: [CellID]
    private let places: [CellID: Int]
    private var sessions = 0
    private var incarnations = 0

    init(servers: Int, cells: Int) {
        self.servers = (0..<servers).compactMap { ServerID("s\($0)") }
        self.cells = (0..<cells).compactMap { CellID("c\($0)") }
        places = Dictionary(uniqueKeysWithValues: self.cells.enumerated().map { ($1, $0) })
    }

    func index(of cell: CellID) -> Int? { places[cell] }

    mutating func session() -> SessionID {
        sessions += 1
        guard let id = SessionID("e\(sessions)") else { preconditionFailure("a number is an id") }
        return id
    }

    mutating func incarnation() -> IncarnationID {
        incarnations += 1
        guard let id = IncarnationID("i\(incarnations)") else { preconditionFailure("a number is an id") }
        return id
    }
}

/// Numbers instead of the ids that machines of ours give, in the order in which the world meets them.
struct Numbers {
    private(set) var volumes: [VolumeID] = []
    private var volumePlaces: [VolumeID: Int] = [:]
    private var memberPlaces: [MemberID: Int] = [:]
    private var lineagePlaces: [LineageID: Int] = [:]
    private var fencePlaces: [FenceID: Int] = [:]

    init() {}

    mutating func volume(_ id: VolumeID) -> Int {
        if let known = volumePlaces[id] { return known }
        volumePlaces[id] = volumes.count
        volumes.append(id)
        return volumes.count - 1
    }

    mutating func member(_ id: MemberID) -> Int { Self.place(id, &memberPlaces) }
    mutating func lineage(_ id: LineageID) -> Int { Self.place(id, &lineagePlaces) }
    mutating func fence(_ id: FenceID) -> Int { Self.place(id, &fencePlaces) }

    private static func place<ID: Hashable>(_ id: ID, _ places: inout [ID: Int]) -> Int {
        if let known = places[id] { return known }
        places[id] = places.count
        return places.count - 1
    }
}

/// The streams of chance of a world's parts.
struct WorldRandom {
    let root: SimulationRandom
    var clients: SimulationRandom
    var engine: SimulationRandom
    var effects: SimulationRandom
    var faults: SimulationRandom
    var kills: SimulationRandom
    var pauses: SimulationRandom
    var devices: SimulationRandom
    var people: SimulationRandom
    var boots: SimulationRandom
    var services: SimulationRandom
    var verbs: SimulationRandom

    init(seed: UInt64) {
        root = SimulationRandom(seed: seed)
        clients = root.stream("clients")
        engine = root.stream("engine")
        effects = root.stream("effects")
        faults = root.stream("world.faults")
        kills = root.stream("kills")
        pauses = root.stream("pauses")
        devices = root.stream("devices")
        people = root.stream("people")
        boots = root.stream("boots")
        services = root.stream("services")
        verbs = root.stream("verbs")
    }
}
