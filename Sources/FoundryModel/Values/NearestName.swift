/// Finds what somebody probably meant.
public enum NearestName {
    /// - Returns: the nearest candidate by edit distance, when it is near enough to be meant; ties go to the first.
    public static func find(_ text: String, among candidates: [String]) -> String? {
        let wanted = Array(text.lowercased().prefix(64))
        let limit = max(1, wanted.count / 3)
        let near = candidates.map { ($0, distance(wanted, Array($0.lowercased().prefix(64)))) }.filter { $0.1 <= limit }
        return near.min { $0.1 < $1.1 }?.0
    }

    /// Insertions, deletions, replacements and swaps of neighbours.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for i in left.indices {
            var current = [i + 1]
            for j in right.indices {
                var best = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, beforePrevious[j - 1] + 1)
                }
                current.append(best)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }
}
