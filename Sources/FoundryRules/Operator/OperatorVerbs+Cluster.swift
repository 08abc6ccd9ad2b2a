import FoundryModel

extension OperatorVerbs {
    /// While maintenance is on, nothing is guarded, and no cell is expired: the control plane may be away for as long as it takes.
    public static func maintenance(
        _ isOn: Bool, view: PlatformView, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> OperatorPlan {
        let name = isOn ? "maintenance.on" : "maintenance.off"
        guard view.switches.isInMaintenance != isOn else {
            return .unchanged(name, "maintenance is \(isOn ? "on" : "off") already")
        }
        var next = view.switches
        next.isInMaintenance = isOn
        let message = isOn ? "maintenance is on: lost cells are not replaced" : "maintenance is off"
        return change(
            next, name, isOn ? .maintenanceBegun : .maintenanceEnded, message, view, now, &generator)
    }

    /// Silent cells may be expired again. Those that are silent now do not engage the brake a second time; others that fall silent do.
    public static func releaseBrake(
        view: PlatformView, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> OperatorPlan {
        guard view.switches.brake != nil else { return .unchanged("brake.release", "the brake is not on") }
        var next = view.switches
        next.brake = nil
        return change(
            next, "brake.release", .brakeReleased, "the brake is released: silent cells are fenced", view, now,
            &generator)
    }

    private static func change(
        _ next: ClusterRecord, _ name: String, _ kind: EventName, _ message: String, _ view: PlatformView,
        _ now: Timestamp, _ generator: inout some RandomNumberGenerator
    ) -> OperatorPlan {
        OperatorPlan(
            name: name,
            writes: [
                .put(.cluster(next), expects: .seen(view.cluster)), event(kind, "cluster", message, now, &generator),
            ], message: message)
    }
}
