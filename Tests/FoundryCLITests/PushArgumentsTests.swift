import FoundryClient
import FoundryModel
import Testing

@testable import FoundryCommandLine

@Suite("The manifest of a push")
struct PushArgumentsTests {
    @Test("only what was given is sent")
    func sparse() throws {
        var arguments = PushArguments()
        arguments.image = "redis"
        #expect(
            try JSONText.line(ManifestBody(applications: [arguments.application("redis")]))
                == #"{"applications":[{"image":"redis"}]}"#)
    }

    @Test("everything that was given is sent, under the manifest's names")
    func whole() throws {
        var arguments = PushArguments()
        arguments.name = "demo"
        arguments.disk = "1G"
        arguments.memory = "256"
        arguments.cpu = "0.5"
        arguments.environment = ["MY_VAR": "x", "camelCase": "y"]
        arguments.port = 20_001
        arguments.targetPort = 5432
        arguments.mount = "/data"
        arguments.policy.restartPolicy = "available"
        arguments.ephemeral = true
        arguments.isPublic = true
        arguments.route = false
        arguments.unset = ["GONE"]
        arguments.noStart = true
        arguments.health = ManifestHealthCheck(
            type: "http", httpEndpoint: "/health", startPeriod: "10s", interval: "1s", timeout: "500ms")
        arguments.readiness.command = "test -e /ready"
        let text = try JSONText.line(arguments.application("postgres"))
        #expect(
            text
                == #"{"cpu":"0.5","disk":"1G","env":{"GONE":null,"MY_VAR":"x","camelCase":"y"},"ephemeral":true,"#
                + #""health-check":{"http-endpoint":"/health","interval":"1s","start-period":"10s","timeout":"500ms","type":"http"},"image":"postgres","memory":"256","mount":"/data","#
                + #""name":"demo","no-route":true,"port":20001,"public":true,"readiness-health-check":{"command":"test -e /ready"},"restart-policy":"available","start":false,"target-port":5432}"#
        )
    }

    @Test("a push without an image and without a manifest is refused")
    func nothing() throws {
        let error = try #require(throws: FoundryError.self) { try PushArguments().body(orManifest: nil) }
        #expect(error.code == .usage)
    }

    @Test("a manifest is not mixed with a description of an app")
    func both() throws {
        var arguments = PushArguments()
        arguments.disk = "1G"
        let error = try #require(throws: FoundryError.self) { try arguments.body(orManifest: "manifest.yml") }
        #expect(error.code == .usage)
        #expect(error.hint == "foundry push --file manifest.yml")
    }

    @Test("a manifest that is not there is told")
    func missing() throws {
        let error = try #require(throws: FoundryError.self) {
            try PushArguments().body(orManifest: "/nowhere/manifest.yml")
        }
        #expect(error.code == .badRequest)
        #expect(error.message.contains("/nowhere/manifest.yml"))
    }
}
