import FoundryModel
import Testing

/// Binds a test to the sentences of the contract that it proves: `@Test("...", .proves(.crashRestarts))`.
///
/// `ContractBindingTests` reads the bindings from the tests' sources and fails for a sentence that has none.
public struct Proves: TestTrait, SuiteTrait {
    public let clauses: [ContractClause]

    public var comments: [Comment] { clauses.map { "proves the contract's sentence '\($0.rawValue)'" } }
}

extension Trait where Self == Proves {
    public static func proves(_ clauses: ContractClause...) -> Self { Self(clauses: clauses) }
}
