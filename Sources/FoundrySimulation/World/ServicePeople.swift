import FoundryModel
import FoundryRules

/// Those who use services. What is not answered they ask for again, under the same id, and sometimes through two servers at once.
struct ServicePeople {
    /// What was asked for, until it is known what became of it.
    struct Request {
        var wish: ServiceWish
        var tries = 0
        /// nil: nobody is asked now.
        var sentAt: SimulationTime?
    }

    /// By number.
    var requests: [Int: Request] = [:]
    /// Ids, names and requests are numbered.
    var numbers = 0
    /// The world heals: nothing new is asked for.
    var isResting = false
    var refused = 0
    var done = 0

    mutating func number() -> Int {
        numbers += 1
        return numbers
    }
}

extension World {
    private static var patience: SimulationDuration { .seconds(5) }
    private static var mostTries: Int { 8 }

    /// Every two seconds or so: asks again for what was not answered, or for something new.
    func servicesAct() {
        queue.push(.servicesAct, after: random.services.duration(in: .seconds(1)...(.seconds(3))))
        for number in services.requests.keys.sorted() {
            guard let request = services.requests[number] else { continue }
            if let sent = request.sentAt, now - sent < Self.patience { continue }
            guard request.tries < Self.mostTries else {
                services.requests[number] = nil
                continue
            }
            if random.services.coin() { send(number) }
        }
        guard !services.isResting, let server = anyServiceServer else { return }
        for wish in nextWishes(server.view) {
            let number = services.number()
            services.requests[number] = ServicePeople.Request(wish: wish)
            send(number)
            if random.services.index(below: 10) == 0 { send(number) }
        }
    }

    /// Any that answers and knows something: it need not be the controller.
    private var anyServiceServer: ServerNode? {
        let able = servers.filter { $0.process.runs && $0.machine.runs && $0.view.revision > 0 && !$0.isLoading }
        return able.isEmpty ? nil : able[random.services.index(below: able.count)]
    }

    private func send(_ number: Int) {
        guard let server = anyServiceServer, let wish = services.requests[number]?.wish else { return }
        do throws(FoundryError) {
            let writes = try plan(wish, server)
            guard !writes.isEmpty else {
                if case .provision(let request) = wish { acknowledge(request) }
                services.requests[number] = nil
                return
            }
            services.requests[number]?.tries += 1
            services.requests[number]?.sentAt = now
            server.call(.commit(writes), .service(number))
        } catch {
            services.refused += 1
            services.requests[number] = nil
        }
    }

    /// A conflict is planned anew; what became of a request without an answer is found out by asking again.
    func serviceAnswered(_ number: Int, _ answer: StoreAnswer?) {
        guard let request = services.requests[number] else { return }
        guard case .committed? = answer else {
            services.requests[number]?.sentAt = nil
            return
        }
        services.done += 1
        services.requests[number] = nil
        if case .provision(let request) = request.wish { acknowledge(request) }
    }

    private func acknowledge(_ request: ProvisionRequest) {
        if let id = request.id { checker.servicesKept.acknowledge(id) }
    }

    /// What runs for an instance is a workload of the world, from when the store has it.
    func noteWorkload(_ app: AppRecord) {
        guard app.spec.service != nil, serviceWorkloads[app.id] == nil else { return }
        serviceWorkloads[app.id] = workloads.count
        workloads.append(Workload(index: workloads.count, app))
    }
}
