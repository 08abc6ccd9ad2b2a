import FoundryModel
import Testing

@testable import FoundryCommandLine

@Suite("What -c takes")
struct ParameterTextTests {
    @Test("an object of texts, whole numbers and flags")
    func object() throws {
        #expect(
            try ParameterText.parse(
                #" {"a": 1, "b" : true,"c":"x\"\u00e9/", "d": -5, "e": false, "f": ""} "#, name: "-c") == [
                    "a": .integer(1), "b": .boolean(true), "c": .text("x\"é/"), "d": .integer(-5),
                    "e": .boolean(false), "f": .text(""),
                ])
        #expect(try ParameterText.parse("{}", name: "-c").isEmpty)
    }

    @Test(
        "what is none is told with its place",
        arguments: [
            ("", "line 1, column 1: an object begins with {"),
            ("[1]", "line 1, column 1: an object begins with {"),
            ("{\"a\": 1", "line 1, column 8: a comma or } is missing"),
            ("{\n  \"a\": 1\n  \"b\": 2}", "line 3, column 3: a comma or } is missing"),
            ("{a: 1}", "line 1, column 2: a parameter's name stands in double quotes"),
            ("{\"a\" 1}", "line 1, column 6: a name is followed by a colon"),
            ("{\"a\": 1.5}", "line 1, column 7: 'a' is no text in double quotes"),
            ("{\"a\": null}", "line 1, column 7: 'a' is no text in double quotes"),
            ("{\"a\": [1]}", "line 1, column 7: 'a' is a list or an object"),
            ("{\"a\": {}}", "line 1, column 7: 'a' is a list or an object"),
            ("{\"a\": 1, \"a\": 2}", "line 1, column 10: 'a' stands here twice"),
            ("{\"a\": \"x}", "line 1, column 10: the closing quote is missing"),
            ("{\"a\": \"x\n\"}", "line 1, column 9: a text ends on the line"),
            ("{\"a\": \"\\q\"}", "line 1, column 8: no such escape"),
            ("{\"a\": \"\\ud800\"}", "line 1, column 8: \\u is followed by"),
            ("{\"a\": 1} x", "line 1, column 10: there is something behind"),
            ("{\"a\": 99999999999999999999}", "line 1, column 7: 'a' is no text"),
        ])
    func places(text: String, expected: String) {
        let error = #expect(throws: FoundryError.self) { try ParameterText.parse(text, name: "-c") }
        #expect(error?.code == .badRequest)
        #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
    }

    @Test("a file is named in what is told of it")
    func file() {
        let error = #expect(throws: FoundryError.self) { try ParameterText.read("/nowhere/parameters.json") }
        #expect(error?.message.contains("/nowhere/parameters.json") == true)
        #expect(throws: Never.self) { try ParameterText.read(nil) }
    }

    @Test("a word that is no object is a file's name, and an object is none")
    func kind() throws {
        #expect(try ParameterText.read(#"  {"a": 1}"#) == ["a": .integer(1)])
    }
}
