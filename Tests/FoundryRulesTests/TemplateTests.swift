import FoundryModel
import FoundryRules
import Testing

@Suite("Templates of a release")
struct TemplateTests {
    private static let values = TemplateValues(
        texts: ["name": "orders", "empty": "", "secrets.admin": "s3cr3t"], flags: ["tls": true, "founded": false],
        lists: [
            "peers": [
                TemplateValues(texts: ["index": "0"], flags: ["is_last": false]),
                TemplateValues(texts: ["index": "1"], flags: ["is_last": true]),
            ], "none": [],
        ])

    private static func render(_ text: String) throws -> String {
        try Template(text, name: "templates/a").render(values)
    }

    private static func mistake(_ text: String) -> String? {
        do {
            _ = try render(text)
            return nil
        } catch let error as FoundryError {
            return error.code == .releaseInvalid ? error.message : "another code: \(error)"
        } catch {
            return "another error"
        }
    }

    @Test(
        "What is written becomes what is read",
        arguments: [
            ("", ""), ("plain { } }} text", "plain { } }} text"), ("{{name}}", "orders"), ("{{ name }}!", "orders!"),
            ("a {{secrets.admin}} b", "a s3cr3t b"), ("{{tls}}/{{founded}}", "true/false"),
            ("{{#tls}}on{{/tls}}{{^tls}}off{{/tls}}", "on"),
            ("{{#founded}}on{{/founded}}{{^founded}}off{{/founded}}", "off"),
            ("{{#empty}}x{{/empty}}{{^empty}}nothing{{/empty}}", "nothing"), ("{{#name}}[{{.}}]{{/name}}", "[orders]"),
            ("{{#peers}}{{name}}-{{index}}{{^is_last}},{{/is_last}}{{/peers}}", "orders-0,orders-1"),
            ("{{#none}}x{{/none}}{{^none}}alone{{/none}}", "alone"), ("a{{! a remark }}b", "ab"),
            ("<{{name}}> & \"{{name}}\"", "<orders> & \"orders\""), ("grüße {{name}} ✓", "grüße orders ✓"),
        ])
    func renders(text: String, output: String) throws {
        #expect(try Self.render(text) == output)
    }

    @Test(
        "A line with nothing but a section's tag leaves no line",
        arguments: [
            ("a\n{{#tls}}\nb\n{{/tls}}\nc\n", "a\nb\nc\n"), ("  {{#tls}}  \r\nb\r\n\t{{/tls}}", "b\r\n"),
            ("{{! first }}\na\n", "a\n"), ("a {{#tls}}\nb{{/tls}}\n", "a \nb\n"), ("{{name}}\n", "orders\n"),
            ("{{#tls}} {{/tls}}\n", " \n"), ("{{#peers}}\n{{index}}\n{{/peers}}\n", "0\n1\n"),
        ])
    func standalone(text: String, output: String) throws {
        #expect(try Self.render(text) == output)
    }

    @Test(
        "A mistake is told with its line",
        arguments: [
            ("\n\n{{nobody}}", "templates/a:3: there is no {{nobody}} here."),
            ("\n{{peers}}", "templates/a:2: {{peers}} is a list; write {{#peers}}...{{/peers}}."),
            ("{{#tls}}\n\n", "templates/a:1: {{#tls}} is not closed."),
            ("x\n{{/tls}}", "templates/a:2: {{/tls}} closes nothing."),
            ("{{#tls}}\n{{/peers}}", "templates/a:2: {{/peers}} closes {{#tls}} of line 1."),
            ("a\n{{name\n}}", "templates/a:2: {{ without }} on its line."),
            ("{{", "templates/a:1: {{ without }} on its line."),
            ("{{{name}}}", "templates/a:1: {{{name}}: nothing is escaped here; write {{name}}."),
            ("{{>other}}", "templates/a:1: {{>other}}: there are no partials."),
            ("{{=<% %>=}}", "templates/a:1: {{=<% %>=}}: the braces cannot be changed."),
            ("{{}}", "templates/a:1: '' is not a name; letters, digits and _, with dots between them."),
            ("{{a-b}}", "templates/a:1: 'a-b' is not a name; letters, digits and _, with dots between them."),
            ("{{#tls}}\n{{index}}{{/tls}}", "templates/a:2: there is no {{index}} here."),
        ])
    func mistakes(text: String, message: String) {
        #expect(Self.mistake(text) == message)
    }

    @Test("Its names are known with their lines and the sections around them")
    func uses() throws {
        let template = try Template("{{a}}\n{{#peers}}\n{{b.c}}{{^d}}{{.}}{{/d}}\n{{/peers}}", name: "t")
        #expect(template.names == ["a", "peers", "b.c", "d"])
        #expect(
            template.uses == [
                .init(name: "a", line: 1, isSection: false, sections: []),
                .init(name: "peers", line: 2, isSection: true, sections: []),
                .init(name: "b.c", line: 3, isSection: false, sections: ["peers"]),
                .init(name: "d", line: 3, isSection: true, sections: ["peers"]),
                .init(name: ".", line: 3, isSection: false, sections: ["peers"]),
            ])
    }

    @Test("Its limits hold for what is read, what comes out, how deep it is and how long it takes")
    func limits() throws {
        #expect(throws: Never.self) { try Template(String(repeating: "a", count: Template.mostBytes), name: "t") }
        #expect(Self.mistake(String(repeating: "a", count: Template.mostBytes + 1))?.contains("at most 65536") == true)
        func nested(_ depth: Int) -> String {
            String(repeating: "{{#peers}}", count: depth) + "{{name}}" + String(repeating: "{{/peers}}", count: depth)
        }
        #expect(Self.mistake(nested(8)) == nil)
        #expect(Self.mistake(nested(9)) == "templates/a:1: sections are nested more than 8 deep.")
        let long = TemplateValues(
            texts: ["x": String(repeating: "x", count: 1_000)],
            lists: ["l": Array(repeating: TemplateValues(), count: 263)])
        #expect(throws: FoundryError.self) { try Template("{{#l}}{{x}}{{/l}}", name: "t").render(long) }
        var fitting = long
        fitting.lists["l"]?.removeLast()
        #expect(try Template("{{#l}}{{x}}{{/l}}", name: "t").render(fitting).utf8.count == 262_000)
        #expect(throws: FoundryError.self) {
            try Template("{{#l}}{{#l}}{{#l}}{{#l}}{{/l}}{{/l}}{{/l}}{{/l}}", name: "t").render(long)
        }
    }
}
