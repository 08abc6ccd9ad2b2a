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
        arguments.noRoute = true
        arguments.noStart = true
        arguments.healthType = "port"
        arguments.healthStartPeriod = "10s"
        arguments.healthInterval = "1s"
        arguments.healthTimeout = "500ms"
        let text = try JSONText.line(arguments.application("postgres"))
        #expect(
            text
                == #"{"cpu":"0.5","disk":"1G","env":{"MY_VAR":"x","camelCase":"y"},"ephemeral":true,"#
                + #""health-check":{"interval":"1s","start-period":"10s","timeout":"500ms"},"health-check-type":"port","image":"postgres","memory":"256","mount":"/data","#
                + #""name":"demo","no-route":true,"port":20001,"public":true,"restart-policy":"available","start":false,"target-port":5432}"#
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
