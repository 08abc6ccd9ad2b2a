import FoundrySimulation
import Glibc

/// Seeds that failed once must hold.
enum RegressionsCommand {
    static func run(_ words: [String]) throws(Arguments.Failure) -> Int32 {
        let arguments = try Arguments(words, options: ["directory"])
        let directory = arguments.text("directory") ?? "Tests/Simulation/Regressions"
        var broken = 0
        let names = try list(directory)
        for name in names {
            guard let text = read("\(directory)/\(name)") else {
                throw Arguments.Failure(message: "\(directory)/\(name) cannot be read")
            }
            let seed: RegressionSeed
            do throws(RegressionSeed.ParseError) { seed = try RegressionSeed(parsing: text) } catch {
                throw Arguments.Failure(message: "\(directory)/\(name): \(error)")
            }
            let violation = SimulationRun.run(seed.request).violation
            if violation != nil { broken += 1 }
            say(violation.map { "BROKEN  \(name): \($0)" } ?? "held    \(name): \(seed.reason)")
        }
        say("\(names.count) regressions, \(broken) broken")
        return broken == 0 ? 0 : 1
    }

    private static func list(_ directory: String) throws(Arguments.Failure) -> [String] {
        guard let handle = opendir(directory) else {
            throw Arguments.Failure(message: "there is no directory \(directory)")
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".txt") { names.append(name) }
        }
        return names.sorted()
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
