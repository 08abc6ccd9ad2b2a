import FoundryModel

/// Checks variables before they reach a container's environment.
enum EnvironmentRule {
    static let bytesInAll = 64 << 10

    /// - Throws: `environment_invalid`; the message names the variable, never its value.
    static func check(_ environment: [String: String]) throws(FoundryError) -> [String: String] {
        var bytes = 0
        for (name, value) in environment {
            guard let first = name.first, first.isLetter || first == "_",
                name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }), name.utf8.count <= 128
            else {
                throw FoundryError(
                    .environmentInvalid, "'\(name.prefix(80))' is not a variable's name.", hint: "--env NAME=VALUE")
            }
            guard !value.utf8.contains(0) else {
                throw FoundryError(
                    .environmentInvalid, "The value of \(name) contains a zero byte.",
                    hint: "--env \(name)=VALUE, as text")
            }
            bytes += name.utf8.count + value.utf8.count
        }
        guard bytes <= bytesInAll else {
            throw FoundryError(
                .environmentInvalid, "The variables have \(bytes) bytes in all; the limit is \(bytesInAll).",
                hint: "variables are for settings; data belongs on the app's disk")
        }
        return environment
    }
}
