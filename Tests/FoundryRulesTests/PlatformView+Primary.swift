import FoundryModel
import FoundryRules

/// Most apps have one.
extension PlatformView {
    func primary(of app: AppID) -> MemberRecord? { primaries(of: app).first }
}
