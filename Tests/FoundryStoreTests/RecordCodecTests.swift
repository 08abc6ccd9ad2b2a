import Testing

@testable import FoundryStore

private struct Disk: Codable, Sendable, Equatable {
    var megabytes: Int64
    var name: String
    var tags: [String: String]
}

/// Version 1 had gigabytes, version 2 had no tags.
private let codec = RecordCodec<Disk>(
    kind: "disk", version: 3,
    upgrades: [
        RecordUpgrade(from: 1) { old in
            guard case .integer(let gigabytes)? = old["gigabytes"] else { throw Missing() }
            var new = old
            new["gigabytes"] = nil
            new["megabytes"] = .integer(gigabytes * 1024)
            return new
        },
        RecordUpgrade(from: 2) { $0.merging(["tags": .object([:])]) { mine, _ in mine } },
    ])

private struct Missing: Error {}

@Suite("Records and their versions", .timeLimit(.minutes(1)))
struct RecordCodecTests {
    @Test("a record is written as an envelope with sorted keys, the same each time")
    func golden() throws {
        let disk = Disk(megabytes: 500, name: "a/b \"c\" é", tags: ["z": "1", "a": "2", "m": "3"])
        let text =
            #"{"data":{"megabytes":500,"name":"a/b \"c\" é","tags":{"a":"2","m":"3","z":"1"}},"kind":"disk","v":3}"#
        for _ in 0..<20 { #expect(String(decoding: try codec.encode(disk), as: UTF8.self) == text) }
        #expect(try codec.decode(utf8(text)) == disk)
    }

    @Test("older versions are brought to today's shape step by step")
    func upgrades() throws {
        let first = #"{"kind":"disk","v":1,"data":{"gigabytes":8796093022207,"name":"old"}}"#
        #expect(try codec.decode(utf8(first)) == Disk(megabytes: 9_007_199_254_739_968, name: "old", tags: [:]))
        let second = #"{"kind":"disk","v":2,"data":{"megabytes":9223372036854775807,"name":"n"}}"#
        #expect(try codec.decode(utf8(second)) == Disk(megabytes: .max, name: "n", tags: [:]))
    }

    @Test("upgrading keeps every JSON value that it does not know")
    func upgradeKeepsValues() throws {
        let keeping = RecordCodec<[String: RecordJSON]>(
            kind: "any", version: 2, upgrades: [RecordUpgrade(from: 1) { $0 }])
        let data: [String: RecordJSON] = [
            "null": .null, "yes": .bool(true), "one": .integer(1), "zero": .integer(0), "big": .integer(.min),
            "half": .number(0.5),
            "text": .string("1"), "list": .array([.null, .bool(false), .object(["x": .array([])])]),
            "empty": .object([:]),
        ]
        let written = String(decoding: try keeping.encode(data), as: UTF8.self)
        #expect(try keeping.decode(utf8(written)) == data)
        #expect(try keeping.decode(utf8(written.replacing(#""v":2"#, with: #""v":1"#))) == data)
    }

    @Test(
        "what is newer, older than known, of another kind or no envelope is refused with the key and a hint",
        arguments: [
            #"{"kind":"disk","v":4,"data":{"megabytes":1,"name":"n","tags":{}}}"#,
            #"{"kind":"disk","v":0,"data":{}}"#, #"{"kind":"disk","v":-1,"data":{}}"#,
            #"{"kind":"app","v":3,"data":{"megabytes":1,"name":"n","tags":{}}}"#,
            #"{"kind":"disk","v":3,"data":{"megabytes":"1","name":"n","tags":{}}}"#,
            #"{"kind":"disk","v":3}"#, #"{"kind":"disk","v":1,"data":{"name":"no size"}}"#,
            #"{"kind":"disk","v":1,"data":[]}"#, "null", "", "{", "\u{0}\u{1}",
            #"{"megabytes":1,"name":"n","tags":{}}"#,
        ])
    func refused(text: String) {
        let error = #expect(throws: StoreError.self) { try codec.decode(utf8(text), key: "/disks/1") }
        #expect(error?.code == .unreadable)
        #expect(error?.key == "/disks/1")
        #expect(error?.hint?.contains("stored bytes were left as they are") == true)
    }

    @Test("a list names what it can't read, hides nothing else, and leaves the bytes alone", arguments: Make.allCases)
    func unreadableIsUntouched(make: Make) async throws {
        try await make.run { store in
            let newer = utf8(#"{"kind":"disk","v":9,"data":{"shape":"of tomorrow"}}"#)
            let good = Disk(megabytes: 1, name: "good", tags: [:])
            let operations: [StoreOperation] = [
                try codec.put("/disks/1", good), .put("/disks/2", newer), .put("/disks/3", [0xFF]),
                try codec.put("/disks/4", good),
            ]
            _ = try await store.commit(StoreTransaction(name: "t", operations: operations))
            let list = try await store.list(prefix: "/disks/", codec)
            #expect(list.records.map(\.key) == ["/disks/1", "/disks/4"])
            #expect(list.unreadable == ["/disks/2", "/disks/3"])
            #expect(list.errors.map(\.key) == ["/disks/2", "/disks/3"])
            let error = await #expect(throws: StoreError.self) { try await store.get("/disks/2", codec) }
            #expect(error?.code == .unreadable)
            #expect(try await store.get("/disks/2")?.value == newer)
            #expect(try await store.get("/disks/3")?.value == [0xFF])
            // Who could not read it knows no revision of it, and so can't replace it.
            #expect(try await store.commit(.put("/disks/2", "new", if: [.absent("/disks/2")])) == .conflict("/disks/2"))
        }
    }

    @Test("a record carries what a compare-and-set needs", arguments: Make.allCases)
    func compareAndSet(make: Make) async throws {
        try await make.run { store in
            let key: StoreKey = "/disks/1"
            let first = StoreTransaction(
                name: "t", operations: [try codec.put(key, Disk(megabytes: 1, name: "n", tags: [:]))])
            _ = try await store.commit(first)
            let record = try #require(try await store.get(key, codec))
            var disk = record.value
            disk.megabytes = 2
            let second = StoreTransaction(
                name: "t", compares: [record.unchanged], operations: [try codec.put(key, disk)])
            #expect(try await store.commit(second) == .committed(revision: 2))
            #expect(try await store.commit(second) == .conflict(key))
            #expect(try await store.get("/disks/none", codec) == nil)
        }
    }
}
