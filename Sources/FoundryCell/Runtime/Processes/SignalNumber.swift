import Glibc

/// The number of a signal as images name it.
enum SignalNumber {
    private static let names: [String: Int32] = [
        "HUP": SIGHUP, "INT": SIGINT, "QUIT": SIGQUIT, "ILL": SIGILL, "TRAP": SIGTRAP, "ABRT": SIGABRT, "BUS": SIGBUS,
        "FPE": SIGFPE,
        "KILL": SIGKILL, "USR1": SIGUSR1, "SEGV": SIGSEGV, "USR2": SIGUSR2, "PIPE": SIGPIPE, "ALRM": SIGALRM,
        "TERM": SIGTERM,
        "STKFLT": 16, "CHLD": SIGCHLD, "CONT": SIGCONT, "STOP": SIGSTOP, "TSTP": SIGTSTP, "TTIN": SIGTTIN,
        "TTOU": SIGTTOU,
        "URG": SIGURG, "XCPU": SIGXCPU, "XFSZ": SIGXFSZ, "VTALRM": SIGVTALRM, "PROF": SIGPROF, "WINCH": SIGWINCH,
        "IO": SIGIO,
        "PWR": SIGPWR, "SYS": SIGSYS,
    ]
    private static let firstRealTime: Int32 = 34
    private static let last: Int32 = 64

    /// Reads `SIGTERM`, `term`, `15`, `SIGRTMIN+3`, `RTMAX-1`; nil when it is no signal.
    static func parse(_ text: String) -> Int32? {
        if let number = Int32(text) { return (1...last).contains(number) ? number : nil }
        let upper = text.uppercased()
        let name = upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
        if let number = names[name] { return number }
        if name == "RTMIN" { return firstRealTime }
        if name == "RTMAX" { return last }
        if name.hasPrefix("RTMIN+"), let offset = Int32(name.dropFirst(6)) { return realTime(firstRealTime + offset) }
        if name.hasPrefix("RTMAX-"), let offset = Int32(name.dropFirst(6)) { return realTime(last - offset) }
        return nil
    }

    /// `SIGKILL`; nil for those without a name.
    static func name(_ number: Int32) -> String? { names.first { $0.value == number }.map { "SIG" + $0.key } }

    private static func realTime(_ number: Int32) -> Int32? { (firstRealTime...last).contains(number) ? number : nil }
}
