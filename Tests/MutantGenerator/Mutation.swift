#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A whole target with all its mutants.
struct Mutation {
    private var files: [(path: String, text: String)] = []
    private var declarations = ""
    private var table: [String] = []
    private(set) var mutants = 0
    private(set) var sites = 0

    /// - Parameters:
    ///   - without: keys of places that are no mutants.
    ///   - only: numbers of the mutants that are written; nil: all.
    init(sources: String, without: Set<String>, only: Set<Int>?) throws {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: sources).sorted()
        let read = try paths.filter { $0.hasSuffix(".swift") }.map { path in
            SourceFile(path: path, source: try String(contentsOfFile: "\(sources)/\(path)", encoding: .utf8))
        }
        let types = read.filter { file in
            ["+", "-"].allSatisfy { file.source.contains("static func \($0) (left: Self, right: Self) -> Self") }
        }.map(\.name)
        for file in read {
            if file.path.hasPrefix("Planted/") {
                files.append((file.path, file.source))
            } else {
                add(file, Self.sites(in: file, adding: types).filter { !without.contains($0.key) }, only)
            }
        }
    }

    /// Sorted by place; each with its ordinal among those of its line that say the same.
    private static func sites(in file: SourceFile, adding types: [String]) -> [Site] {
        let found =
            Operators.sites(in: file, adding: types) + Conditions.sites(in: file) + Values.sites(in: file)
            + Statements.sites(in: file)
        var seen: [String: Int] = [:]
        return found.sorted { ($0.line, $0.edits(0)[0].start) < ($1.line, $1.edits(0)[0].start) }.map { site in
            var site = site
            let key = "\(site.line) \(site.changes[0])"
            site.ordinal = seen[key, default: 0]
            seen[key] = site.ordinal + 1
            return site
        }
    }

    private mutating func add(_ file: SourceFile, _ found: [Site], _ only: Set<Int>?) {
        var edits: [Edit] = []
        for site in found {
            let first = mutants + 1
            if only?.isDisjoint(with: first..<first + site.changes.count) != true {
                edits += site.edits(first)
                declarations += site.declarations(first)
            }
            for (offset, change) in site.changes.enumerated() {
                let ordinal = site.ordinal == 0 ? "" : " #\(site.ordinal + 1)"
                table.append(
                    "\(first + offset)\t\(site.file)\t\(site.line)\t\(change)\(ordinal)\t\(site.key)\t\(site.text)")
            }
            mutants += site.changes.count
            sites += 1
        }
        files.append((file.path, Self.apply(edits, to: file.source)))
    }

    /// Insertions at one place: what ends there goes before what begins there, and of two that begin the outer one goes first.
    private static func apply(_ edits: [Edit], to source: String) -> String {
        let bytes = Array(source.utf8)
        var result: [UInt8] = []
        var at = 0
        let ordered = edits.enumerated().sorted { left, right in
            (left.element.start, rank(left.element), left.offset) < (
                right.element.start, rank(right.element), right.offset
            )
        }
        for (_, edit) in ordered {
            result += bytes[at..<edit.start]
            result += Array(edit.text.utf8)
            at = max(at, edit.end)
        }
        return String(decoding: result + bytes[at...], as: UTF8.self)
    }

    private static func rank(_ edit: Edit) -> Int {
        if edit.start != edit.end { return 3 }
        if edit.text.hasPrefix(")") || edit.text.hasPrefix(" }") { return edit.text.hasPrefix(")") ? 0 : 1 }
        return 2
    }

    func write(to target: String, table place: String) throws {
        for (path, text) in files { try Self.write(text, to: "\(target)/\(path)") }
        try Self.write(Self.support + declarations, to: "\(target)/Mutant.swift")
        try Self.write(table.joined(separator: "\n") + "\n", to: place)
    }

    /// What did not change stays as it is, so that it need not be compiled again.
    private static func write(_ text: String, to path: String) throws {
        if let old = try? String(contentsOfFile: path, encoding: .utf8), old == text { return }
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    private static let support = """
        import CMutant
        import FoundryModel

        /// The choice among the mutants of this build, made before anything runs: FOUNDRY_MUTANT.
        public enum Mutant {
            @inline(__always) public static func `is`(_ number: Int32) -> Bool { mutant_is(number) }

            public static func more<T: ExpressibleByIntegerLiteral & Numeric>(_ number: Int32, _ value: T) -> T {
                Mutant.is(number) ? value + 1 : value
            }
            @inline(__always)
            public static func other(_ number: Int32, _ value: Bool) -> Bool { Mutant.is(number) ? !value : value }
            public static func turned<T>(_ number: Int32, _ list: [T]) -> [T] {
                Mutant.is(number) ? list.reversed() : list
            }
            public static func min<T: Comparable>(_ number: Int32, _ values: T...) -> T {
                Mutant.is(number) ? values.max()! : values.min()!
            }
            public static func max<T: Comparable>(_ number: Int32, _ values: T...) -> T {
                Mutant.is(number) ? values.min()! : values.max()!
            }
        }

        extension RangeReplaceableCollection {
            mutating func mutantAppend(_ number: Int32, _ element: Element) {
                if Mutant.is(number) { insert(element, at: startIndex) } else { append(element) }
            }
        }

        extension Dictionary {
            func mutantFilter(_ number: Int32, _ holds: (Element) throws -> Bool) rethrows -> [Key: Value] {
                Mutant.is(number) ? self : try filter(holds)
            }
        }

        extension String {
            func mutantFilter(_ number: Int32, _ holds: (Character) throws -> Bool) rethrows -> String {
                Mutant.is(number) ? self : try filter(holds)
            }
        }

        extension Set {
            func mutantFilter(_ number: Int32, _ holds: (Element) throws -> Bool) rethrows -> Set<Element> {
                Mutant.is(number) ? self : try filter(holds)
            }
        }

        extension Sequence {
            func mutantAllSatisfy(_ number: Int32, _ holds: (Element) throws -> Bool) rethrows -> Bool {
                Mutant.is(number) ? try contains(where: holds) : try allSatisfy(holds)
            }
            func mutantContains(_ number: Int32, where holds: (Element) throws -> Bool) rethrows -> Bool {
                Mutant.is(number) ? try allSatisfy(holds) : try contains(where: holds)
            }
            func mutantFilter(_ number: Int32, _ holds: (Element) throws -> Bool) rethrows -> [Element] {
                Mutant.is(number) ? Array(self) : try filter(holds)
            }
            func mutantFirst(_ number: Int32, where holds: (Element) throws -> Bool) rethrows -> Element? {
                Mutant.is(number) ? try filter(holds).last : try first(where: holds)
            }
        }

        extension Sequence where Element: Comparable {
            func mutantSorted(_ number: Int32) -> [Element] { Mutant.is(number) ? sorted(by: >) : sorted() }
        }


        """
}
