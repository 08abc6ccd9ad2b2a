import FoundryModel
import Testing

@Suite("Each sentence of the contract is bound to the tests that prove it")
struct ContractBindingTests {
    @Test("No sentence is without a test")
    func everySentence() throws {
        let bindings = try ContractBindings.read()
        for clause in ContractClause.allCases {
            let name = String(describing: clause)
            #expect(
                bindings.places[name] != nil,
                "no test proves this sentence: give the one that does the trait .proves(.\(name))")
        }
    }

    @Test("No binding names a sentence that is none, or a test that never runs")
    func everyBinding() throws {
        let bindings = try ContractBindings.read()
        let known = Set(ContractClause.allCases.map { "\($0)" })
        #expect(Set(bindings.places.keys).isSubset(of: known))
        #expect(bindings.idle.isEmpty)
    }

    @Test("Only what a test's own attribute says is a binding")
    func reading() {
        var bindings = ContractBindings()
        bindings.read(
            """
            @Test("one (of two) \\"quoted\\"", .proves(.crashRestarts, .neverEmpty), arguments: [f(1), 2]) func a() {}
            // @Test(.proves(.diskLimit)) func b() {}
            @Suite(.proves(ContractClause.memoryLimit)) struct C {}
            @Test(.disabled("slow"), .proves(.stopKeeps)) func d() {}
            func e() { use(.proves(.deleteKeeps)) }
            """, "Sample.swift")
        #expect(bindings.places.keys.sorted() == ["crashRestarts", "memoryLimit", "neverEmpty"])
        #expect(bindings.places["neverEmpty"] == ["Sample.swift"])
        #expect(bindings.idle == ["stopKeeps in Sample.swift"])
    }
}
