import FoundryModel
import Testing

@Suite("Errors")
struct ErrorTests {
    @Test("Every code has a surface that a client can act on", arguments: ErrorCode.allCases)
    func surfaces(code: ErrorCode) {
        let surface = code.surface
        #expect((400...599).contains(surface.httpStatus))
        #expect((2...7).contains(surface.exitCode))
        #expect(surface.cloudFoundryCode > 0)
        #expect(surface.cloudFoundryTitle.wholeMatch(of: /CF-[A-Z][A-Za-z]+/) != nil)
        #expect(surface.meaning.hasSuffix("."))
        #expect(surface.meaning.first?.isLowercase == false)
    }

    @Test("Every code is a stable word: snake_case, and none twice")
    func words() {
        #expect(Set(ErrorCode.allCases.map(\.rawValue)).count == ErrorCode.allCases.count)
        for code in ErrorCode.allCases {
            #expect(code.rawValue.wholeMatch(of: /[a-z]+(_[a-z]+)*/) != nil, "\(code.rawValue)")
            #expect(ErrorCode(rawValue: code.rawValue) == code)
        }
        #expect(
            Set(ErrorCode.allCases.map(\.surface.meaning)).count == ErrorCode.allCases.count, "two codes mean the same")
    }

    @Test("A script tells kinds of failure apart by the exit code", arguments: ErrorCode.allCases)
    func exitCodes(code: ErrorCode) {
        let surface = code.surface
        switch surface.httpStatus {
        case 401, 403: #expect(surface.exitCode == 7)
        case 404: #expect(surface.exitCode == 3)
        case 500...: #expect(surface.exitCode == 6)
        default: #expect([2, 4, 5].contains(surface.exitCode))
        }
    }

    @Test("Codes of the data's state are conflicts that wait for something, never the client's mistake")
    func dataCodes() {
        let codes: [ErrorCode] = [
            .volumeMissing, .volumeEmpty, .volumeForeign, .volumeOlder, .volumeNewer, .volumeUnreadable,
            .volumeUnsealed, .volumeInUse,
        ]
        for code in codes { #expect(code.surface.httpStatus == 409 && code.surface.exitCode == 5) }
        #expect(ErrorCode.bodyTooLarge.surface.httpStatus == 413)
        #expect(ErrorCode.tooManyRequests.surface.httpStatus == 429)
    }

    @Test("An error is told in one line, its detail and its hint in lines of their own")
    func text() {
        let error = FoundryError(
            .volumeOlder, "volume orders-db/0 is older.", detail: "epoch 3", hint: "foundry volumes")
        #expect(
            "\(error)" == "error[volume_older]: volume orders-db/0 is older.\ndetail: epoch 3\nhint: foundry volumes")
        #expect("\(FoundryError(.usage, "No."))" == "error[usage]: No.")
        #expect("\(FoundryError(.usage, "No.", hint: "foundry --help"))" == "error[usage]: No.\nhint: foundry --help")
    }
}
