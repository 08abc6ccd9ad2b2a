import FoundryModel
import FoundryRules

extension World {
    /// Every machine is there, the store is empty, and people have decided what there shall be.
    func begin() {
        for cell in cells {
            devices.append(FenceDevice(name: "pdu.\(cell.id)", cell: cell.index))
            devices.append(FenceDevice(name: "ipmi.\(cell.id)", cell: cell.index))
        }
        for server in servers { server.startProcess() }
        for cell in cells { queue.push(.boot(node: Int16(cell.node), boot: cell.machine.boot), at: .zero) }
        for router in routers { queue.push(.boot(node: Int16(router.node), boot: router.machine.boot), at: .zero) }
        let wall = servers[0].now.wall
        people.agenda.append(cells.map { .put(.cell(cellRecord($0)), expects: .absent) })
        for workload in workloads { people.agenda.append(appWrites(workload, at: wall)) }
        queue.push(.operatorActs, at: .zero + .milliseconds(600))
    }

    private func cellRecord(_ cell: CellNode) -> CellRecord {
        let devices = [
            [PowerDevice(name: "ipmi.\(cell.id)", isDrilled: true)],
            [PowerDevice(name: "pdu.\(cell.id)", isDrilled: true)],
        ]
        return CellRecord(
            id: cell.id, zone: "z\(cell.index % settings.zones)", capacity: cell.capacity, machineID: cell.machineID,
            bootID: cell.machine.bootID, power: cell.index % 4 == 3 ? [] : devices)
    }

    func appWrites(_ workload: Workload, at wall: Timestamp) -> [RecordWrite] {
        let app = AppRecord(
            id: workload.id, name: workload.name, spec: workload.spec, desired: .started, generation: 1,
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
