import FoundryModel
import Testing

@Suite("Fencing tokens")
struct TokenTests {
    @Test("An epoch grows by one, and after a restore it begins above all that were before")
    func epochs() {
        #expect(Epoch.none.next == Epoch(1))
        #expect(Epoch(7).next(in: 0) == Epoch(8))
        #expect(Epoch.first(of: 2) > Epoch.first(of: 1).next)
        #expect(Epoch(7).next(in: 3) == Epoch(3 << 48 + 1))
        #expect(Epoch(3 << 48 + 5).next(in: 3) == Epoch(3 << 48 + 6))
        #expect(Epoch(4 << 48 + 5).next(in: 3) == Epoch(4 << 48 + 6), "a newer generation's is never gone below")
        #expect(Epoch(9).description == "9")
    }

    @Test("A term grows by one, and after a restore it begins above all that were before")
    func terms() {
        #expect(Term(7).next == Term(8))
        #expect(Term(7).next(in: 0) == Term(8))
        #expect(Term(7).next(in: 3) == Term(3 << 48 + 1))
        #expect(Term(4 << 48 + 5).next(in: 3) == Term(4 << 48 + 6))
        #expect(Term(2) < Term(3))
        #expect(!(Term(3) < Term(3)))
        #expect(Term(9).description == "9")
    }

    @Test("Each level of evidence frees what those before it free")
    func levels() {
        #expect([FenceLevel.person, .session, .power].sorted() == [.session, .power, .person])
        #expect(!(FenceLevel.power < .power))
    }
}
