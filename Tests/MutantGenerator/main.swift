#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// usage: foundry-mutate SOURCES TARGET TABLE [WITHOUT [ONLY]]
//
// Copies Swift sources with a run-time choice at each place that can be mutated, and writes a table of the mutants: number,
// file, line, change, key. Places whose keys are listed in WITHOUT are left as they are: what became of them did not compile.
// With ONLY, a list of numbers, all others are left as they are too, and keep their rows in the table.

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 3 else { fatalError("two folders and a file are needed") }
let lists = try arguments.dropFirst(3).map { path in
    Set(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init))
}
let mutation = try Mutation(
    sources: arguments[0], without: lists.first ?? [],
    only: lists.count > 1 ? Set(lists[1].compactMap { Int($0) }) : nil)
try mutation.write(to: arguments[1], table: arguments[2])
print("\(mutation.mutants) mutants at \(mutation.sites) places")
