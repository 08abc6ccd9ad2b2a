import FoundryModel
import FoundryRules

/// A store in one value, for tests of machines: records with revisions, and transactions that compare them.
struct RecordTable {
    private(set) var records: [String: (record: Record, revision: Int64)] = [:]
    private(set) var revision: Int64 = 0

    /// - Returns: the revision of the writes; nil when an expectation was not met, and nothing was written.
    mutating func commit(_ writes: [RecordWrite]) -> Int64? {
        for write in writes {
            switch write.expectation {
            case .any: break
            case .absent: if records[write.key] != nil { return nil }
            case .revision(let expected): if records[write.key]?.revision != expected { return nil }
            }
        }
        revision += 1
        for write in writes {
            switch write {
            case .put(let record, _): records[write.key] = (record, revision)
            case .delete: records[write.key] = nil
            case .check: break
            }
        }
        return revision
    }
}
