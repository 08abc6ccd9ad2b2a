import FoundryModel

extension RouterMachine {
    mutating func observe(_ table: ProxyTable) -> [RouterRefusal] {
        isConnected = true
        for server in table.servers.values.joined() {
            if let name = ProxyServerName(server.name) { epochs.see(name.member, name.epoch) }
        }
        for slot in Set(slots.keys).union(table.leads.keys).union(table.servers.keys) {
            slots[slot, default: RouterSlotState()].observe(
                leads: table.leads[slot] ?? [], servers: table.servers[slot] ?? [])
        }
        return judge()
    }

    mutating func lose() {
        isConnected = false
        for slot in slots.keys { slots[slot]?.lose() }
    }

    mutating func planAll(_ now: MonotonicTime) -> [RouterEffect] {
        slots = slots.filter { !$0.value.isBlank }
        return slots.keys.sorted().compactMap { plan($0, now) }
    }

    /// Without orders nothing is touched: an empty table is ordered, never assumed.
    mutating func plan(_ slot: RouteSlot, _ now: MonotonicTime) -> RouterEffect? {
        guard isConnected, orders != nil, let state = slots[slot], state.isDue(now) else { return nil }
        guard let effect = state.next(slot) else {
            slots[slot]?.forgive()
            return nil
        }
        slots[slot]?.begin(effect)
        return effect
    }
}

extension RouterSlotState {
    /// The one thing to do next; nil when HAProxy has what it shall have.
    func next(_ slot: RouteSlot) -> RouterEffect? {
        switch wish {
        case .asItIs: nil
        case .nothing: leads.isEmpty ? cut(slot, servers.values) : .removeMapEntry(slot)
        case .targets(let targets):
            isMisled(slot)
                ? .removeMapEntry(slot)
                : cut(slot, servers.values.filter { server in !targets.contains(where: server.leads) })
                    ?? lead(slot, to: targets)
        }
    }

    /// The map leads this port to another port's backend.
    private func isMisled(_ slot: RouteSlot) -> Bool { !leads.isEmpty && leads != [slot.description] }

    private func cut(_ slot: RouteSlot, _ servers: some Sequence<ProxyServer>) -> RouterEffect? {
        let sorted = servers.sorted { $0.name < $1.name }
        if let server = sorted.first(where: { $0.state != .maintenance }) {
            return .drainServer(slot, server: server.name)
        }
        if let server = sorted.first(where: { !closed.contains($0.name) }) {
            return .closeSessions(slot, server: server.name)
        }
        return sorted.first.map { .removeServer(slot, server: $0.name) }
    }

    /// The port is open as soon as one of them takes connections.
    private func lead(_ slot: RouteSlot, to targets: [RouteTarget]) -> RouterEffect? {
        for target in targets {
            let name = ProxyServerName(target).description
            guard let server = servers[name] else { return .addServer(slot, target) }
            if server.state != .ready { return .readyServer(slot, server: name) }
            if leads.isEmpty { return .setMapEntry(slot) }
        }
        return nil
    }
}
