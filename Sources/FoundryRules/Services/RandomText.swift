import FoundryModel

/// Text that nobody can guess, as long as the generator is the system's own.
enum RandomText {
    private static let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789".unicodeScalars).map(Character.init)
    private static let mixed =
        Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".unicodeScalars).map(Character.init)

    /// 32 letters and digits: 190 bits.
    static func password(using generator: inout some RandomNumberGenerator) -> Secret {
        Secret(text(32, of: mixed, using: &generator))
    }

    /// `b` and 20 lower-case letters and digits.
    static func user(using generator: inout some RandomNumberGenerator) -> String {
        "b" + text(20, of: letters, using: &generator)
    }

    private static func text(
        _ count: Int, of letters: [Character], using generator: inout some RandomNumberGenerator
    ) -> String {
        String((0..<count).map { _ in letters[Int(generator.next(upperBound: UInt64(letters.count)))] })
    }
}
