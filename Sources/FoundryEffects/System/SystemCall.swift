import CFoundryLinux
import FoundryModel
import SystemPackage

/// Turns the result of a system call into an error of ours.
public enum SystemCall {
    /// - Parameter doing: completes "The system refused to": `mount /dev/loop3`. For the operator.
    /// - Parameter codes: what some of the kernel's answers mean here; all others are an internal error.
    @discardableResult
    public static func check(
        _ result: Int32, _ doing: @autoclosure () -> String, codes: [Errno: ErrorCode] = [:]
    ) throws(FoundryError) -> Int32 {
        guard result < 0 else { return result }
        let number = Errno(rawValue: foundry_errno())
        throw error(number, doing(), codes: codes)
    }

    /// nil when the call did what it should, otherwise the kernel's answer.
    public static func problem(_ result: Int32) -> Errno? { result < 0 ? Errno(rawValue: foundry_errno()) : nil }

    public static func error(_ number: Errno, _ doing: String, codes: [Errno: ErrorCode] = [:]) -> FoundryError {
        let code = codes[number] ?? .internalError
        return FoundryError(code, message(code), detail: "cannot \(doing): \(number)")
    }

    private static func message(_ code: ErrorCode) -> String {
        switch code {
        case .poolFull: "The pool has no room for it."
        case .volumeMissing: "The volume is not on this cell."
        case .volumeEmpty: "The volume's data is gone."
        case .volumeUnreadable: "The volume's file system cannot be read; it is left as it is."
        case .volumeInUse: "The volume is in use."
        case .machineUnfit: "The machine lacks something that is needed."
        default: "The system refused something that should work."
        }
    }
}
