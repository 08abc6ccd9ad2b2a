import FoundryModel

extension Fleet {
    public mutating func put(_ member: FleetMember) {
        let claim = CellClaim(
            cell: entry(of: member.cell), workload: workloadHandle(of: member.workload), slot: member.slot,
            amounts: ResourceAmounts(memory: member.memory, cpu: member.cpu, disk: .zero, rate: member.rate),
            movesWhenLost: member.restartsElsewhere)
        // The new one first: a workload or a cell that both name is not forgotten in between.
        occupy(claim)
        if let old = members.put(claim, member.id) { vacate(old) }
    }

    public mutating func remove(member: MemberID) {
        if let claim = members.remove(member) { vacate(claim) }
    }

    public mutating func put(_ volume: FleetVolume) {
        let amounts = ResourceAmounts(memory: .zero, cpu: Millicores(0), disk: volume.size, rate: .zero)
        let claim = CellClaim(
            cell: entry(of: volume.cell), workload: -1, slot: 0, amounts: amounts,
            movesWhenLost: volume.isRebuiltElsewhere)
        occupy(claim)
        if let old = volumes.put(claim, volume.id) { vacate(old) }
    }

    public mutating func remove(volume: VolumeID) {
        if let claim = volumes.remove(volume) { vacate(claim) }
    }

    public mutating func put(_ reservation: FleetReservation) {
        let amounts = ResourceAmounts(
            memory: reservation.memory, cpu: reservation.cpu, disk: reservation.disk, rate: reservation.rate)
        let claim = CellClaim(
            cell: entry(of: reservation.cell), workload: -1, slot: 0, amounts: amounts, movesWhenLost: false)
        occupy(claim)
        if let old = reservations.put(claim, reservation.id) { vacate(old) }
    }

    public mutating func remove(reservation: String) {
        if let claim = reservations.remove(reservation) { vacate(claim) }
    }

    mutating func workloadHandle(of id: AppID) -> Int32 {
        let (handle, _) = workloadHandles.handle(of: id)
        if Int(handle) == workloads.count { workloads.append(WorkloadSpread()) }
        return handle
    }

    /// Counts a claim on its cell; who has it is written down elsewhere.
    mutating func occupy(_ claim: CellClaim) {
        let index = Int(claim.cell)
        cells[index].taken = cells[index].taken + claim.amounts
        cells[index].held = cells[index].held + claim.pieces
        cells[index].slots.insert(claim.slot)
        cells[index].claims += 1
        if claim.workload >= 0 { workloads[Int(claim.workload)].add(claim.cell) }
        settle(claim.cell)
    }

    mutating func vacate(_ claim: CellClaim) {
        let index = Int(claim.cell)
        cells[index].taken = cells[index].taken - claim.amounts
        cells[index].held = cells[index].held - claim.pieces
        cells[index].slots.remove(claim.slot)
        cells[index].claims -= 1
        if claim.workload >= 0 {
            workloads[Int(claim.workload)].remove(claim.cell)
            if workloads[Int(claim.workload)].isEmpty { workloadHandles.free(claim.workload) }
        }
        settle(claim.cell)
        dropIfEmpty(claim.cell)
    }
}
