import FoundryEffects
import FoundryModel
import Glibc

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// conmon: one small process a container, that holds its output and sees its end, also while none of ours is alive.
struct Monitor: Sendable {
    /// Making a container takes 50 ms; a machine under load, or out of memory, longer.
    static let createLimitMilliseconds: Int64 = 30_000
    private static let longestAnswer = 64 << 10

    let paths: Paths
    let member: MemberID
    let logLimit: ByteCount

    private var places: MonitorPlaces { MonitorPlaces(paths, member) }

    /// What conmon writes on its descriptor 3: the process id, or a negative number and why.
    struct Answer: Decodable {
        var data: Int32
        var message: String?
    }

    /// Starts conmon, which has runc make the container and goes on by itself.
    ///
    /// - Returns: conmon, and the container's first process, which waits for its start.
    /// - Throws: `command_failed` with runc's words; `timed_out`.
    func create() async throws(FoundryError) -> (monitor: ProcessIdentity, process: ProcessIdentity) {
        try HostFiles.makeDirectory(places.exitDirectory)
        try HostFiles.makeDirectory(paths.runc)
        var answers = try Pipe()
        let log = try SystemCall.check(
            open(places.monitorLog, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600), "open \(places.monitorLog)")
        let started: ChildProcess
        do throws(FoundryError) {
            started = try ChildProcess.start(request(answers: answers.writer, log: log))
            close(log)
        } catch {
            close(log)
            throw error
        }
        answers.closeWriter()
        let text = await Self.read(answers.reader, limitMilliseconds: Self.createLimitMilliseconds)
        // conmon's first process ends as soon as it forked; without an answer it may hang with runc.
        if text == nil { started.kill() }
        try await BlockingWork.run { () throws(FoundryError) in _ = started.wait() }
        guard let text else {
            throw FoundryError(
                .timedOut, "The container was not made within \(Self.createLimitMilliseconds / 1000) s.",
                detail: monitorWords)
        }
        return try identities(text)
    }

    private func request(answers: Int32, log: Int32) throws(FoundryError) -> ChildProcess.Request {
        let id = member.description
        var request = ChildProcess.Request(
            program: try ProgramPath.require("conmon"),
            arguments: [
                "--api-version", "1", "--cid", id, "--cuuid", id, "--name", id,
                "--runtime", try ProgramPath.require("runc"), "--runtime-arg", "--root", "--runtime-arg", paths.runc,
                "--bundle", places.directory, "--container-pidfile", places.processFile, "--conmon-pidfile",
                places.monitorFile,
                "--exit-dir", places.exitDirectory, "--socket-dir-path", places.directory, "--full-attach",
                "--no-sync-log",
                "--log-path", "k8s-file:\(paths.memberLog(member))", "--log-size-max",
                "\(MemberLogs.hardLimit(logLimit).bytes)",
                "--log-level", "warning",
            ])
        request.environment += ["_OCI_SYNCPIPE=3"]
        request.output = log
        request.error = log
        request.extra = answers
        // It leaves a file there when the member was out of memory.
        request.directory = places.directory
        return request
    }

    private func identities(_ text: String) throws(FoundryError) -> (monitor: ProcessIdentity, process: ProcessIdentity)
    {
        let answer = try? JSONDecoder().decode(Answer.self, from: Data(text.utf8))
        guard let answer, answer.data > 0 else {
            throw FoundryError(
                .commandFailed, "The container could not be made.",
                detail: answer?.message ?? "conmon said '\(text.prefix(200))': \(monitorWords)")
        }
        guard let process = ProcessIdentity(living: answer.data),
            let monitor = ProcessIdentity(pidFile: places.monitorFile)
        else {
            throw FoundryError(.commandFailed, "The container ended while it was made.", detail: monitorWords)
        }
        return (monitor, process)
    }

    private var monitorWords: String { String((ProcFile.read(places.monitorLog, fromEnd: true) ?? "").suffix(800)) }

    /// - Returns: one line, or what there is of it at the end; nil when the time passed.
    private static func read(_ descriptor: Int32, limitMilliseconds: Int64) async -> String? {
        let deadline = SystemClock.monotonic() + limitMilliseconds
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.last != UInt8(ascii: "\n"), bytes.count < longestAnswer {
            let left = max(0, deadline - SystemClock.monotonic())
            guard await DescriptorWatch.shared.wait(descriptor, for: POLLIN, limitMilliseconds: left) == .ready else {
                return nil
            }
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
