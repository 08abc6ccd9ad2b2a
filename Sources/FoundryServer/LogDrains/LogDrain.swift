import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sends one app's log, from now on, to one syslog server, until its record goes.
///
/// What the server does not take waits in a bounded queue. What is written while this process does not run is not sent.
struct LogDrain: Sendable {
    private static let (firstPause, longestPause) = (Duration.milliseconds(200), Duration.seconds(30))
    /// Sent together.
    private static let batch = 100

    let record: LogDrainRecord
    let platform: Platform
    let logger: Logger

    private var feed: ViewFeed { platform.feed }
    private var isWanted: Bool { !feed.isClosed && !Task.isCancelled && feed.view.logDrains[record.id] != nil }

    func run() async {
        let name = feed.view.apps[record.app]?.value.name.description ?? record.app.description
        await collect(into: LogDrainQueue(member: name), app: name)
        platform.drains.forget(record.id)
    }

    /// Lines of members that are there from now on, of later ones from their beginning; and what the platform does to the app. The server is called once
    /// all are followed: whoever hears that it was, or was not reached, knows that what is written now will come.
    private func collect(into queue: LogDrainQueue, app name: String) async {
        let app = record.app
        var isSending = false
        var members = NewMembers(app: app, paths: platform.paths)
        var news = NewEvents(feed.view) { view in view.events.filter { $0.app == app } }
        var lines = 0
        await withTaskGroup(of: Void.self) { group in
            while isWanted {
                let edition = feed.edition
                do throws(FoundryError) {
                    for started in try await members.take(edition.view, lines: lines) {
                        for line in started.beginning { queue.add(line) }
                        group.addTask {
                            for await line in started.follower.lines { queue.add(started.source.line(line)) }
                        }
                    }
                    lines = LogTail.mostLines
                } catch {
                    logger.warning("a log cannot be drained", metadata: ["drain": "\(record.id)", "error": "\(error)"])
                }
                if !isSending { group.addTask { await send(queue, app: name) } }
                isSending = true
                for event in news.take(edition.view) { queue.add(FoundryClient.LogLine(event)) }
                let dropped = queue.dropped
                platform.drains.change(record.id) { $0.dropped = dropped }
                await feed.change(after: edition.revision, limit: .milliseconds(Limits.heartbeatMilliseconds))
            }
            group.cancelAll()
        }
    }

    private func send(_ queue: LogDrainQueue, app: String) async {
        var pause = Self.firstPause
        while !Task.isCancelled {
            do {
                let connection = try await SyslogConnection.open(record.target, authorities: authorities)
                defer { connection.close() }
                while let batch = await queue.next(Self.batch) {
                    let host = "foundry-\(platform.configuration.instance)"
                    try await connection.send(
                        batch.lines.flatMap { SyslogMessage(line: $0, host: host, app: app).frame })
                    queue.take(batch)
                    pause = Self.firstPause
                    platform.drains.change(record.id) { standing in
                        standing.isConnected = true
                        standing.problem = nil
                        standing.sent += Int64(batch.lines.count)
                    }
                }
            } catch {
                let problem = SyslogFailure.words(error, record.target)
                platform.drains.change(record.id) { standing in
                    standing.isConnected = false
                    standing.problem = problem
                }
                logger.info(
                    "a syslog server does not answer", metadata: ["target": "\(record.target)", "error": "\(problem)"])
            }
            do { try await SystemClock.sleep(pause) } catch { return }
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// For servers whose certificates are of no authority that the machine knows.
    private var authorities: String? {
        FileManager.default.fileExists(atPath: platform.paths.drainAuthorities) ? platform.paths.drainAuthorities : nil
    }
}
