import ArgumentParser
import FoundryModel

/// `20000-20199`
struct PortRange: ExpressibleByArgument {
    let ports: ClosedRange<Int>

    init?(argument: String) {
        let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first >= 1, first <= last, last <= 65_535 else {
            return nil
        }
        ports = first...last
    }
}

/// `192.0.2.7:21000-21099`
struct PublicRoutes: ExpressibleByArgument {
    let range: PublicRouteRange

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"),
            let ports = PortRange(argument: String(argument[argument.index(after: colon)...]))?.ports
        else { return nil }
        let address = String(argument[..<colon])
        let numbers = address.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard numbers.count == 4, numbers.allSatisfy({ $0 != nil }) else { return nil }
        range = PublicRouteRange(address: address, firstPort: ports.lowerBound, lastPort: ports.upperBound)
    }
}
