/// A client of one workload, on a router's machine: it writes numbered writes, one after the other, and reads now and then.
struct Client {
    let index: Int32
    let workload: Int
    let router: Int
    /// To one member's process; nil: it is to be opened.
    var connection: Connection?
    /// Its request under way; 0: none.
    var asked: Int64 = 0
    var isReading = false
    var timer = EventQueue<WorldEvent>.Handle.none
    /// The newest number of its own that was acknowledged, when its read began.
    var readFloor: Int64 = 0
    var newestAcknowledged: Int64 = 0
    var requests = 0

    struct Connection {
        var cell: Int
        var slot: UInt8
        var pid: Int32
    }
}

extension World {
    static var clientTimeout: SimulationDuration { .milliseconds(1_500) }

    func clientEvent(_ index: Int, _ event: ClientEvent) {
        switch event {
        case .act: clientActs(index)
        case .timeout:
            counts.timeouts += 1
            clients[index].asked = 0
            clients[index].connection = nil
            clientWaits(index)
        }
    }

    private func clientActs(_ index: Int) {
        let router = clients[index].router
        guard clients[index].asked == 0 else { return }
        guard routers[router].machine.runs, routers[router].proxyProcess.runs else { return clientWaits(index) }
        if clients[index].connection == nil {
            let leads = routers[router].proxy.leads[clients[index].workload]
            guard !leads.isEmpty else {
                counts.refused += 1
                return clientWaits(index)
            }
            let lead = leads[clients[index].requests % leads.count]
            // Another member knows nothing of what this one acknowledged.
            if workloads[clients[index].workload].isIndependent { clients[index].newestAcknowledged = 0 }
            clients[index].connection = Client.Connection(cell: lead.cell, slot: lead.slot, pid: 0)
        }
        ask(index)
    }

    private func ask(_ index: Int) {
        guard let connection = clients[index].connection else { return }
        clients[index].requests += 1
        let isRead = clients[index].requests % 16 == 0
        // Writes are numbered for each workload; what a read is called matters to nobody.
        if !isRead { workloads[clients[index].workload].numbers += 1 }
        let number = isRead ? -Int64(clients[index].requests) : workloads[clients[index].workload].numbers
        clients[index].asked = number
        clients[index].isReading = isRead
        clients[index].readFloor = clients[index].newestAcknowledged
        let request = ClientRequest(
            client: Int32(index), slot: connection.slot, isRead: isRead, pid: connection.pid, number: number)
        clients[index].timer = queue.push(.client(Int32(index), .timeout), after: Self.clientTimeout)
        send(.ask(request), from: routers[clients[index].router].node, to: cells[connection.cell].node)
    }

    func clientHears(_ answer: ClientAnswer) {
        let index = Int(answer.client)
        guard clients[index].asked == answer.number, answer.isRead == clients[index].isReading else { return }
        queue.cancel(clients[index].timer)
        clients[index].asked = 0
        switch answer.outcome {
        case .done:
            clients[index].connection?.pid = answer.pid
            if answer.isRead {
                counts.reads += 1
                checker.read(answer, workload: clients[index].workload, floor: clients[index].readFloor, world: self)
            } else {
                counts.writes += 1
                clients[index].newestAcknowledged = answer.number
                checker.acknowledged(answer, at: now)
            }
        case .reset, .failed:
            counts.refused += 1
            clients[index].connection = nil
        }
        clientWaits(index)
    }

    private func clientWaits(_ index: Int) {
        queue.push(.client(Int32(index), .act), after: random.clients.wait(mean: settings.think) + .milliseconds(1))
    }

    /// HAProxy closed them: whoever waits for an answer hears that at once.
    func closeConnections(ofRouter router: Int, workload: Int?) {
        for index in clients.indices where clients[index].router == router {
            if let workload, clients[index].workload != workload { continue }
            clients[index].connection = nil
            guard clients[index].asked != 0 else { continue }
            queue.cancel(clients[index].timer)
            clients[index].asked = 0
            clientWaits(index)
        }
    }
}
