#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// usage: foundry-mutate SOURCES TARGET TABLE [WITHOUT]
//
// Copies Swift sources with a run-time choice at each place that can be mutated, and writes a table of the mutants: number,
// file, line, change, key. Places whose keys are listed in WITHOUT are left as they are: what became of them did not compile.

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 3 else { fatalError("two folders and a file are needed") }
let without =
    try arguments.count > 3
    ? Set(String(contentsOfFile: arguments[3], encoding: .utf8).split(separator: "\n").map(String.init)) : []
let mutation = try Mutation(sources: arguments[0], without: without)
try mutation.write(to: arguments[1], table: arguments[2])
print("\(mutation.mutants) mutants at \(mutation.sites) places")
