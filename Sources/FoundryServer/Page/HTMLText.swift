/// Text and elements of a page. Whatever comes from outside goes through `text`: names, messages and reasons are other people's words.
enum HTMLText {
    /// As text between tags, or as the value of an attribute between double quotes.
    ///
    /// - Source: the HTML standard, section 13.3; control characters have no place in a document, and overrides of direction could make a line read
    ///   as another.
    static func text(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "'": result.append(contentsOf: "&#39;".unicodeScalars)
            case "\t", "\n": result.append(scalar)
            default: result.append(isHarmless(scalar.value) ? scalar : "\u{fffd}")
            }
        }
        return String(result)
    }

    /// - Parameter rows: text, not yet escaped.
    static func table(_ headings: [String], _ rows: [[String]]) -> String {
        let head = headings.map { "<th scope=\"col\">\(text($0))</th>" }.joined()
        let body = rows.map { row in "<tr>\(row.map { "<td>\(text($0))</td>" }.joined())</tr>" }
        return
            "<table>\n<thead><tr>\(head)</tr></thead>\n<tbody>\n\(body.joined(separator: "\n"))\n</tbody>\n</table>\n"
    }

    private static func isHarmless(_ value: UInt32) -> Bool {
        switch value {
        case 0x00..<0x20, 0x7f..<0xa0, 0x202a...0x202e, 0x2066...0x2069: false
        default: true
        }
    }
}
