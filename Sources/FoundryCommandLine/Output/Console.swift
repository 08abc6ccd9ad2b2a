import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where a command writes: results to the standard output, everything else to the standard error.
public struct Console: Sendable {
    public let output: Terminal
    public let errors: Terminal

    public init(output: Terminal = .of(.standardOutput), errors: Terminal = .of(.standardError)) {
        self.output = output
        self.errors = errors
    }

    /// Writes a result, and a newline.
    public func print(_ line: String = "") { Self.write(line + "\n", to: .standardOutput) }

    public func print(_ lines: [String]) {
        if !lines.isEmpty { print(lines.joined(separator: "\n")) }
    }

    /// Writes a result as it is.
    public func write(_ bytes: some Sequence<UInt8>) { Self.write(bytes, to: .standardOutput) }

    /// Writes over what the terminal shows: these lines, and nothing else.
    ///
    /// - Source: ECMA-48: `ESC [ H` goes to the upper left corner, `ESC [ K` clears the rest of a line, `ESC [ J` what is below.
    public func page(_ lines: [String]) {
        Self.write("\u{1b}[H" + lines.joined(separator: "\u{1b}[K\n") + "\u{1b}[K\u{1b}[J", to: .standardOutput)
    }

    /// Writes something about the work to the standard error, and a newline.
    public func note(_ line: String) { Self.write(line + "\n", to: .standardError) }

    /// Writes to the standard error as it is: for lines that are written over.
    public func writeNote(_ text: String) { Self.write(text, to: .standardError) }

    private static func write(_ text: String, to descriptor: FileDescriptor) { write(Array(text.utf8), to: descriptor) }

    /// A reader that went away, as in `foundry apps | head -1`, is the end of our work and no failure.
    private static func write(_ bytes: some Sequence<UInt8>, to descriptor: FileDescriptor) {
        do {
            try descriptor.writeAll(bytes)
        } catch Errno.brokenPipe {
            exit(0)
        } catch {
            exit(1)
        }
    }
}

extension Console {
    /// Prints an answer in the format that was asked for.
    ///
    /// - Parameter lines: the answer for people; only made when they are asked for.
    public func show(_ answer: some Encodable, as format: OutputFormat, _ lines: () -> [String]) throws {
        switch format {
        case .table: print(lines())
        case .json: print(try JSONText.document(answer))
        }
    }
}
