import FoundryModel

extension RecoveryCase {
    mutating func say(_ member: MemberRecord, _ text: String, hint: String? = nil) {
        plan.reasons.append(WhyLine(subject: "\(app.name)/\(member.index)", text: text, hint: hint))
    }

    mutating func sayVolume(_ text: String, hint: String? = nil) {
        plan.reasons.append(WhyLine(subject: "volume \(app.name)/\(member.index)", text: text, hint: hint))
    }

    mutating func sayUnfreed(_ primary: RecoveryCopy, _ lack: String, _ fence: FenceRecord) {
        let cell = primary.member.cell
        sayVolume(
            "is not freed from cell \(cell.short): \(lack)",
            hint: "foundry fence confirm \(cell), if you know that it is off")
        guard let record = facts.view.cells[cell]?.value, recovery.fence == .power || !record.power.isEmpty,
            case .exhausted(let text)? = FenceRule.nextPower(fence, cell: record, needed: recovery.fence <= .power)
        else { return }
        sayVolume(text, hint: "foundry fences")
    }

    /// Why a holder does not start after the store was restored.
    mutating func explainRestore(_ primary: RecoveryCopy) {
        guard facts.view.mustWait(primary.volume.value) else { return }
        let unheard = switches.unheard.sorted()
        guard !unheard.isEmpty else {
            return sayVolume(
                "the store was restored, and another copy was written to later than this one; a person decides which to keep",
                hint: "foundry volumes")
        }
        let names = unheard.prefix(5).map(\.short).joined(separator: ", ") + (unheard.count > 5 ? ", ..." : "")
        sayVolume(
            "the store was restored, and not every cell has said yet what lies on it (\(names)); what runs goes on",
            hint: facts.timing == nil ? nil : Self.leaveBehind(unheard[0]))
    }

    /// Why nothing is done about a primary that cannot be reached, and that no fence is in force against.
    mutating func wait(_ primary: RecoveryCopy) { explain(primary.member, primary.standing) }

    mutating func explain(_ member: MemberRecord, _ standing: CopyStanding) {
        let cell = member.cell.short
        switch standing {
        case .reachable, .fenced: break
        case .late(let milliseconds):
            let limit = (facts.timing?.expiryMilliseconds ?? 0) / 1_000
            say(member, "cell \(cell) is silent for \(milliseconds / 1_000) s; it counts as lost after \(limit) s")
        case .overdue: explainOverdue(member)
        case .returning: say(member, "cell \(cell) is back; its members go on in a moment")
        case .unfenced:
            say(
                member, "cell \(cell) is lost, and no fence is in force against it",
                hint: "foundry fence \(member.cell)")
        case .unheard:
            say(
                member, "cell \(cell) has not said yet what lies on it; nothing of it is started elsewhere before",
                hint: Self.leaveBehind(member.cell))
        }
    }

    private static func leaveBehind(_ cell: CellID) -> String {
        "foundry fence confirm \(cell), if it will not come back: what only it has is left behind"
    }

    private mutating func explainOverdue(_ member: MemberRecord) {
        let cell = member.cell.short
        if switches.isInMaintenance {
            say(
                member, "cell \(cell) is silent; maintenance is on, so nothing is done", hint: "foundry maintenance off"
            )
        } else if switches.brake != nil {
            say(
                member, "cell \(cell) is silent; the brake is on, because too many cells fell silent at once",
                hint: "foundry brake release")
        } else {
            say(member, "cell \(cell) is silent; its session is being expired")
        }
    }

    /// A replica of which something is not as it should be.
    mutating func explain(_ copy: RecoveryCopy) {
        explain(copy.member, copy.standing)
        if copy.standing == .reachable { explainBroken(copy.member, copy.phase) }
        guard case .fenced = copy.standing else { return }
        let cell = copy.member.cell.short
        guard let timing = facts.timing, !isGone(copy) else {
            return say(copy.member, "cell \(cell) is lost; the replica is replaced")
        }
        let wait = RecoveryRule.patience * timing.expiryMilliseconds / 1_000
        say(copy.member, "cell \(cell) is lost; the replica is replaced when it has been for \(wait) s")
    }

    /// A member that ends by itself, or must not start, is its cell's matter: its data is there.
    mutating func explainBroken(_ member: MemberRecord, _ phase: MemberPhase?) {
        switch phase {
        case .crashed:
            say(
                member, "ended too often; its cell tries it again, and it is not moved: a move would not mend it",
                hint: "foundry logs \(app.name)")
        case .refused(let error):
            say(
                member, "must not start, and no other copy takes over without a person: \(error.message)",
                hint: error.hint ?? "foundry volumes")
        case .preparing, .starting, .healthy, .unhealthy, .unready, .stopping, .stopped, .waiting, nil: break
        }
    }
}
