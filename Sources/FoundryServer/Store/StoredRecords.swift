import FoundryModel
import FoundryRules
import FoundryStore

/// Every record of a store, and those that cannot be read.
struct StoredRecords {
    var view = PlatformView()
    var count = 0
    /// By key, why.
    var unreadable: [String: String] = [:]

    init(_ values: [StoredValue], _ coding: RecordCoding) {
        for stored in values {
            do throws(StoreError) {
                guard let record = try coding.decode(stored) else {
                    unreadable[stored.key.path] = "no kind of record has such a key"
                    continue
                }
                count += 1
                if record.key == stored.key.path {
                    view.put(record, revision: stored.revision)
                } else {
                    unreadable[stored.key.path] = "it belongs under \(record.key)"
                }
            } catch {
                unreadable[stored.key.path] = error.detail ?? error.message
            }
        }
    }
}
