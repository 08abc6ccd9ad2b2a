import FoundryModel
import FoundryRules

extension World {
    /// Every machine is there, the store is empty, and people have decided what there shall be.
    func begin() {
        for cell in cells {
            devices.append(FenceDevice(name: "pdu.\(cell.id)", cell: cell.index))
            devices.append(FenceDevice(name: "ipmi.\(cell.id)", cell: cell.index))
            devices.append(FenceDevice(name: "typo.\(cell.id)", cell: cell.index, fault: .lies))
        }
        for server in servers { server.startProcess() }
        for cell in cells { queue.push(.boot(node: Int16(cell.node), boot: cell.machine.boot), at: .zero) }
        for router in routers { queue.push(.boot(node: Int16(router.node), boot: router.machine.boot), at: .zero) }
        let wall = servers[0].now.wall
        // Whether the controller has heard of them before or not.
        people.agenda.append(cells.map { .put(.cell(cellRecord($0)), expects: .any) })
        for workload in workloads { people.agenda.append(appWrites(workload, at: wall)) }
        queue.push(.operatorActs, at: .zero + .milliseconds(600))
        if settings.services > 0 { queue.push(.servicesAct, at: .zero + .seconds(20)) }
    }

    /// Cells of one zone don't share their server as a rule.
    static func zone(of cell: Int, _ settings: WorldSettings) -> Int { cell / 2 % settings.zones }

    private func cellRecord(_ cell: CellNode) -> CellRecord {
        var devices = [
            [PowerDevice(name: "ipmi.\(cell.id)", isDrilled: true)],
            [PowerDevice(name: "pdu.\(cell.id)", isDrilled: true)],
        ]
        // Nobody has drilled it, and its plug is that of no machine: it says "off" whatever it is asked.
        if cell.index % 4 == 1 { devices.insert([PowerDevice(name: "typo.\(cell.id)", isDrilled: false)], at: 0) }
        return CellRecord(
            id: cell.id, zone: "z\(Self.zone(of: cell.index, settings))", capacity: cell.capacity,
            machineID: cell.machineID,
            bootID: cell.machine.bootID, power: cell.index % 4 == 3 ? [] : devices)
    }

    func appWrites(_ workload: Workload, _ spec: WorkloadSpec? = nil, at wall: Timestamp) -> [RecordWrite] {
        let app = AppRecord(
            id: workload.id, name: workload.name, spec: spec ?? workload.spec, desired: .started, generation: 1,
            createdAt: wall, updatedAt: wall)
        guard let route = RouteID("r\(workload.index)"), let job = JobID("j\(workload.index)") else {
            preconditionFailure("short names have their shape")
        }
        return [
            .put(.app(app), expects: .absent),
            .put(
                .route(
                    RouteRecord(
                        id: route, app: app.id, scope: .loopback,
                        port: configuration.routes.firstPort + workload.index, targetPort: 5_432, createdAt: wall)),
                expects: .absent),
            .put(
                .job(
                    JobRecord(
                        id: job, operation: .applyManifest, app: app.id, appName: app.name, generation: 1,
                        state: .processing, createdAt: wall, updatedAt: wall)), expects: .any),
        ]
    }
}
