/// Makes a failing schedule small: leaves out whatever the failure does not need.
///
/// - Source: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002 (ddmin).
public enum Shrinker {
    /// - Parameter places: what fails when all of it is kept.
    /// - Parameter tries: at most so many runs.
    /// - Parameter fails: whether a choice of the places still fails.
    /// - Returns: a part of `places`, in order, of which no half, and at the end no single place, can be left out.
    public static func shrink(_ places: [Int], tries: Int = 400, fails: ([Int]) -> Bool) -> [Int] {
        var kept = places
        var left = tries
        func check(_ choice: [Int]) -> Bool {
            guard left > 0 else { return false }
            left -= 1
            return fails(choice)
        }
        if check([]) { return [] }
        var parts = 2
        while kept.count > 1, left > 0 {
            let size = (kept.count + parts - 1) / parts
            let chunks = stride(from: 0, to: kept.count, by: size).map { $0..<min($0 + size, kept.count) }
            if let chunk = chunks.first(where: { chunks.count > 2 && check(Array(kept[$0])) }) {
                kept = Array(kept[chunk])
                parts = 2
            } else if let chunk = chunks.first(where: { check(without($0, kept)) }) {
                kept = without(chunk, kept)
                parts = max(parts - 1, 2)
            } else if parts < kept.count {
                parts = min(parts * 2, kept.count)
            } else {
                break
            }
        }
        return kept
    }

    private static func without(_ range: Range<Int>, _ places: [Int]) -> [Int] {
        Array(places[..<range.lowerBound] + places[range.upperBound...])
    }

    /// The same failure with as little as possible: first fewer faults, then a shorter run, then a smaller world.
    ///
    /// - Parameter run: nil: nothing failed.
    public static func shrink(
        _ request: RunRequest, tries: Int = 400, run: (RunRequest) -> Invariant?
    ) -> RunRequest {
        guard let invariant = run(request) else { return request }
        var smallest = request
        let places = request.kept ?? Array(request.schedule().faults.indices)
        smallest.kept = shrink(places, tries: tries) { choice in
            var candidate = request
            candidate.kept = choice
            return run(candidate) == invariant
        }
        for apps in [1, 2, 4, 8, 12] where apps < smallest.size.apps {
            var candidate = smallest
            candidate.size.apps = apps
            guard run(candidate) == invariant else { continue }
            smallest = candidate
            break
        }
        return smallest
    }
}
