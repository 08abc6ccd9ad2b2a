import FoundryModel
import FoundryRules

extension ServerNode {
    func greet(_ peer: Peer, _ stream: WorldStream) {
        switch peer {
        case .cell(let cell):
            cellStreams[cell] = stream
            cellMarks[cell] = nil
            dirtyCells |= 1 << UInt64(cell)
        case .router(let router):
            routerStreams[router] = stream
            routerMarks[router] = nil
            dirtyRouters = true
        }
        scheduleFlush()
    }

    func lose(_ stream: WorldStream) {
        for cell in cellStreams.indices where cellStreams[cell] == stream { cellStreams[cell] = .none }
        for router in routerStreams.indices where routerStreams[router] == stream { routerStreams[router] = .none }
    }

    /// Several changes at once are one line of orders.
    func scheduleFlush() {
        guard !isFlushDue, dirtyCells != 0 || dirtyRouters else { return }
        isFlushDue = true
        world.queue.push(.server(Int16(index), life: process.life, .flush), after: .milliseconds(2))
    }

    func flush() {
        isFlushDue = false
        guard let term = view.term?.value.term, !isLoading else { return }
        let view = self.view
        for cell in cellStreams.indices where dirtyCells >> UInt64(cell) & 1 == 1 && cellStreams[cell] != .none {
            send(view.cellOrders(for: world.names.cells[cell], term: term), view, to: cell)
        }
        dirtyCells = 0
        guard dirtyRouters else { return }
        dirtyRouters = false
        guard routerStreams.contains(where: { $0 != .none }) else { return }
        let orders = view.routerOrders()
        for router in routerStreams.indices where routerStreams[router] != .none {
            guard routerMarks[router]?.routes != orders.routes else { continue }
            routerMarks[router] = orders
            world.send(.routerOrders(orders), on: routerStreams[router], from: node, size: .medium)
        }
    }

    private func send(_ orders: CellOrders, _ view: PlatformView, to cell: Int) {
        var content = orders
        content.revision = 0
        let mark = OrdersMark(
            orders: content, newest: view.newestRevision(behindOrdersOf: world.names.cells[cell]))
        guard cellMarks[cell] != mark else { return }
        cellMarks[cell] = mark
        world.send(.cellOrders(orders), on: cellStreams[cell], from: node, size: .medium)
    }

    // What a record changes in whose orders. Called before and after it is put into the view.

    func mark(_ record: Record) {
        switch record {
        case .member(let member): mark(app: member.app, and: member.cell)
        case .volume(let volume): mark(app: volume.app, and: volume.cell)
        case .app(let app): mark(app: app.id, and: nil)
        case .status(let status):
            if let app = view.members[status.id]?.value.app { mark(app: app, and: nil) }
        case .route: dirtyRouters = true
        case .fence(let fence): mark(fence.cell)
        case .session(let session):
            let last = view.sessions[session.cell]?.value
            if last?.session != session.session || last?.state != session.state { mark(session.cell) }
        case .cluster, .term: markAll()
        // What lies on the cells after a restore says what may start.
        case .volumeStatus: if view.switches.generation > 0 { markAll() }
        case .cell, .job, .event, .beat, .token, .logDrain, .snapshot, .release, .brokerCredential, .names: break
        case .instance(let instance): mark(instance)
        case .binding(let binding):
            for app in [binding.app, view.bindings[binding.id]?.value.app] {
                if let app { mark(app: app, and: nil) }
            }
            if let instance = view.instances[binding.instance]?.value { mark(app: instance.workload, and: nil) }
        }
    }

    /// Those that run it, and those that are bound to it.
    private func mark(_ instance: ServiceInstanceRecord) {
        mark(app: instance.workload, and: nil)
        for case let app? in view.bindings(of: instance.id).map(\.app) { mark(app: app, and: nil) }
    }

    func mark(removed key: String) {
        guard !key.hasPrefix(RecordKind.event.prefix), !key.hasPrefix(RecordKind.job.prefix) else { return }
        markAll()
    }

    func markAll() {
        dirtyCells = .max
        dirtyRouters = true
    }

    private func mark(_ cell: CellID) {
        if let index = world.names.index(of: cell) { dirtyCells |= 1 << UInt64(index) }
    }

    private func mark(app: AppID, and cell: CellID?) {
        dirtyRouters = true
        if let cell { mark(cell) }
        let view = self.view
        for member in view.index.members(of: app) {
            if let cell = view.members[member]?.value.cell { mark(cell) }
        }
    }
}
