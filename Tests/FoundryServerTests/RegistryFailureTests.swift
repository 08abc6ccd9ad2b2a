import FoundryEffects
import FoundryModel
import Testing

@Suite("What a registry's failure is called")
struct RegistryFailureTests {
    @Test(
        "Each has a code of its own, and a hint",
        arguments: [
            (#"reading manifest 9 in host/team/thing: manifest unknown: manifest unknown"#, ErrorCode.imageUnknown),
            (#"repository name not known to registry"#, .imageUnknown),
            (
                #"unable to retrieve auth token: invalid username/password: unauthorized: authentication required"#,
                .imageDenied
            ),
            (#"requested access to the resource is denied"#, .imageDenied),
            (#"writing blob: Digest did not match, expected sha256:aa, got sha256:bb"#, .imageMismatch),
            (#"copying layer: writing blob: unexpected EOF"#, .imageInterrupted),
            (#"read tcp 10.0.0.1:2: read: connection reset by peer"#, .imageInterrupted),
            (#"pinging container registry host: Get "https://host/v2/": EOF"#, .imageUnreachable),
            (#"pinging container registry host: dial tcp: lookup host: no such host"#, .imageUnreachable),
            (#"pinging container registry host: StatusCode: 404, not found"#, .imageUnreachable),
            (#"write /d/images/incoming/oci-put-blob1: no space left on device"#, .diskFull),
            ("", .imageUnreachable),
        ])
    func codes(words: String, code: ErrorCode) {
        let error = RegistryFailure.error("host/team/thing:9", words)
        #expect(error.code == code && error.hint?.isEmpty == false && error.message.contains("host/team/thing:9"))
    }
}
