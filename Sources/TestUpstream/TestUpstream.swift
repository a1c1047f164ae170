package import Hummingbird
import JSON
package import LedgerModel
package import Logging
import NIOCore
import Providers
import Synchronization

/// A made-up provider, OpenAI- and Anthropic-shaped, whose behaviour is scripted: for tests, the
/// sample, benchmarks, and whoever wants to try a client without an account.
///
/// Usage is right and deterministic: four bytes of a prompt are a token, and an answer's length
/// follows from the prompt and the seed.
package final class TestUpstream: Sendable {
    private let state: Mutex<UpstreamState>
    private let clock: @Sendable () -> Timestamp

    /// - Parameter clock: the time; `POST /_clock` moves it ahead.
    package init(_ script: UpstreamScript, clock: @escaping @Sendable () -> Timestamp) {
        state = Mutex(UpstreamState(script))
        self.clock = clock
    }

    /// Runs until it is cancelled.
    ///
    /// - Parameter onRunning: called with the port.
    package func application(
        host: String = "127.0.0.1", port: Int = 0, logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void
    ) -> some ApplicationProtocol {
        Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { await onRunning($0.localAddress?.port ?? port) }, logger: logger)
    }

    /// Serves on a free port of loopback until the task is cancelled.
    ///
    /// - Parameter onRunning: called with the port.
    package func serve(
        logger: Logger, onRunning: @escaping @Sendable (Int) async -> Void
    ) async throws {
        try await application(logger: logger, onRunning: onRunning).run()
    }

    /// Changes the script.
    package func script(_ change: @Sendable (inout UpstreamScript) -> Void) {
        state.withLock { change(&$0.script) }
    }

    /// Moves the clock ahead.
    package func advance(bySeconds seconds: Int) { state.withLock { $0.ahead += seconds } }

    /// How often each call was made, by method and path.
    package var calls: [String: Int] { state.withLock { $0.calls } }
    package var jobCount: Int { state.withLock { $0.jobs.count } }

    private static let bodyBytesMax = 300_000_000

    private var router: Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.post("/_script") { [self] request, _ in
            let json = try await Self.json(request)
            do { try state.withLock { try $0.script.apply(json) } } catch {
                return Self.text("\(error)\n", status: .badRequest)
            }
            return Self.text("{}\n")
        }
        router.post("/_clock") { [self] request, _ in
            let json = try await Self.json(request)
            advance(bySeconds: json["advance_s"]?.integer ?? 0)
            return Self.text("{}\n")
        }
        router.get("/_calls") { [self] _, _ in
            var json = JSONWriter()
            let calls = self.calls.sorted { $0.key < $1.key }
            json.object { json in for (call, count) in calls { json.field(call, count) } }
            return Self.text(json.text)
        }
        for path in ["/v1/chat/completions", "/v1/embeddings", "/v1/messages"] {
            router.post(RouterPath(path)) { [self] request, _ in try await model(request, path) }
        }
        router.post("/v1/files") { [self] request, _ in try await upload(request) }
        router.get("/v1/files/{id}/content") { [self] request, context in
            try await step(request) { state, _ in
                let file = state.files[context.parameters.get("id") ?? ""]
                return file.map { .body($0.bytes) } ?? .missing
            }
        }
        router.post("/v1/batches") { [self] request, _ in try await create(request) }
        router.get("/v1/batches") { [self] request, _ in try await list(request, false) }
        router.get("/v1/batches/{id}") { [self] request, context in
            try await show(request, context.parameters.get("id") ?? "")
        }
        router.post("/v1/batches/{id}/cancel") { [self] request, context in
            try await cancel(request, context.parameters.get("id") ?? "")
        }
        router.post("/v1/messages/batches") { [self] request, _ in
            try await createAnthropic(request)
        }
        router.get("/v1/messages/batches") { [self] request, _ in try await list(request, true) }
        router.get("/v1/messages/batches/{id}") { [self] request, context in
            try await show(request, context.parameters.get("id") ?? "")
        }
        router.post("/v1/messages/batches/{id}/cancel") { [self] request, context in
            try await cancel(request, context.parameters.get("id") ?? "")
        }
        router.get("/v1/messages/batches/{id}/results") { [self] request, context in
            try await step(request) { state, _ in
                let file = state.files[context.parameters.get("id") ?? ""]
                return file.map { .body($0.bytes) } ?? .missing
            }
        }
        return router
    }

    // MARK: Answering

    private enum Answer {
        case json(String)
        case body([UInt8])
        case stream([String], delay: Duration)
        case refused(Int, String)
        case missing
    }

    /// One call: counted, failed if the script says so, answered after its time.
    private func step(
        _ request: Request, _ work: (inout UpstreamState, Int) throws -> Answer
    ) async throws -> Response {
        let path = request.uri.path
        let isAnthropic = path.hasPrefix("/v1/messages")
        let key = request.headers[.authorization] ?? ""
        let (failure, answer, latency, micros) = try state.withLock { state in
            let now = Int(clock().unixMicroseconds / 1_000_000) + state.ahead
            let failure = state.begin(request.method.rawValue, path, key: key, at: now)
            let answer = failure == nil || failure?.loses == true ? try work(&state, now) : .missing
            return (
                failure, answer, state.script.latencyMilliseconds, state.script.tokenMicroseconds
            )
        }
        if latency > 0 { try await Task.sleep(for: .milliseconds(latency)) }
        if let failure {
            if failure.loses { throw ConnectionDropped() }
            var response = Self.text(
                errorBody(failure.status, "made to fail", isAnthropic: isAnthropic),
                status: .init(code: failure.status))
            if let seconds = failure.retryAfter {
                response.headers[.retryAfter] = "\(seconds)"
            }
            return response
        }
        switch answer {
        case .json(let text):
            if micros > 0 {
                try await Task.sleep(for: .microseconds(micros * (text.utf8.count / 5)))
            }
            return Self.text(text.replacing("{base}", with: Self.base(request)))
        case .body(let bytes):
            return Response(
                status: .ok, headers: [.contentType: "application/x-jsonlines"],
                body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let events, let delay):
            return Response(
                status: .ok, headers: [.contentType: "text/event-stream"],
                body: .init { writer in
                    for event in events {
                        if delay > .zero { try await Task.sleep(for: delay) }
                        // Cut: the connection is closed in the middle.
                        if event == Self.cut { throw ConnectionDropped() }
                        try await writer.write(ByteBuffer(string: event))
                    }
                    try await writer.finish(nil)
                })
        case .refused(let status, let message):
            return Self.text(
                errorBody(status, message, isAnthropic: isAnthropic), status: .init(code: status))
        case .missing:
            return Self.text(
                errorBody(404, "there is none", isAnthropic: isAnthropic), status: .notFound)
        }
    }

    private struct ConnectionDropped: Error {}
    private static let cut = "\u{0}cut"

    private func model(_ request: Request, _ path: String) async throws -> Response {
        let json = try await Self.json(request)
        return try await step(request) { state, now in
            guard json["model"]?.string != nil else { return .refused(400, "model is missing") }
            guard json["stream"] == .boolean(true) else {
                return state.answer(json, path: path, at: now, isBatch: false)
                    .map { .json($0) } ?? .missing
            }
            guard var events = state.stream(json, path: path, at: now) else { return .missing }
            if state.script.malformedRate > 0, state.chance() < state.script.malformedRate {
                events.insert("data: {\"id\":\n\n", at: events.count / 2)
            }
            if state.script.cutRate > 0, state.chance() < state.script.cutRate {
                events.insert(Self.cut, at: events.count / 2)
            }
            return .stream(events, delay: .microseconds(state.script.tokenMicroseconds))
        }
    }

    // MARK: Files and jobs

    private func upload(_ request: Request) async throws -> Response {
        var form = try MultipartReader(contentType: request.headers[.contentType])
        let body = try await request.body.collect(upTo: Self.bodyBytesMax)
        var (part, file, purpose, name) = ("", [UInt8](), [UInt8](), "file")
        try form.take(body.readableBytesView) { piece in
            switch piece {
            case .part(let own, let fileName):
                part = own
                if own == "file" { name = fileName ?? name }
            case .data(let bytes) where part == "file": file += bytes
            case .data(let bytes) where part == "purpose": purpose += bytes
            case .data: break
            }
        }
        try form.finish()
        let (content, kind, fileName) = (file, String(decoding: purpose, as: UTF8.self), name)
        return try await step(request) { state, now in
            let id = state.newID("file-")
            state.files[id] = (fileName, kind, content)
            return .json(
                """
                {"id":"\(id)","object":"file","bytes":\(content.count),"created_at":\(now),\
                "filename":\(quoted(fileName)),"purpose":\(quoted(kind)),"status":"processed"}
                """)
        }
    }

    private func create(_ request: Request) async throws -> Response {
        let json = try await Self.json(request)
        return try await step(request) { state, now in
            guard let id = json["input_file_id"]?.string, let file = state.files[id] else {
                return .refused(400, "there is no such file")
            }
            let lines = file.bytes.split(separator: 0x0A).compactMap {
                line -> (id: String, body: JSONTree)? in
                guard let tree = try? JSONTree(parsing: line), let id = tree["custom_id"]?.string,
                    let body = tree["body"]
                else { return nil }
                return (id, body)
            }
            var job = UpstreamJob(
                id: state.newID("batch_"), isAnthropic: false, createdAt: now, lines: lines)
            job.file = id
            job.endpoint = json["endpoint"]?.string ?? ""
            job.metadata = json["metadata"] ?? .object([])
            return Self.keep(job, &state)
        }
    }

    private func createAnthropic(_ request: Request) async throws -> Response {
        let json = try await Self.json(request)
        return try await step(request) { state, now in
            let lines = (json["requests"]?.items ?? []).compactMap {
                item -> (id: String, body: JSONTree)? in
                guard let id = item["custom_id"]?.string, let body = item["params"] else {
                    return nil
                }
                return (id, body)
            }
            if lines.isEmpty { return .refused(400, "requests is missing") }
            let job = UpstreamJob(
                id: state.newID("msgbatch_"), isAnthropic: true, createdAt: now, lines: lines)
            return Self.keep(job, &state)
        }
    }

    private static func keep(_ job: UpstreamJob, _ state: inout UpstreamState) -> Answer {
        let refused = state.script.batch.refusedModels
        if job.lines.contains(where: { refused.contains($0.body["model"]?.string ?? "") }) {
            return .refused(400, "the model takes no batches")
        }
        state.jobs.append(job)
        return .json(job.json)
    }

    private func list(_ request: Request, _ isAnthropic: Bool) async throws -> Response {
        let query = request.uri.queryParameters
        let limit = query["limit"].flatMap { Int($0) } ?? 20
        let after = (query[isAnthropic ? "after_id" : "after"]).map { String($0) }
        return try await step(request) { state, _ in
            let jobs = state.jobs.filter { $0.isAnthropic == isAnthropic }.reversed()
            let rest =
                after.map { id in jobs.drop { $0.id != id }.dropFirst() } ?? jobs.dropFirst(0)
            let page = rest.prefix(limit)
            return .json(
                """
                {"object":"list","data":[\(page.map(\.json).joined(separator: ","))],\
                "has_more":\(rest.count > page.count),\
                "first_id":\(page.first.map { quoted($0.id) } ?? "null"),\
                "last_id":\(page.last.map { quoted($0.id) } ?? "null")}
                """)
        }
    }

    private func show(_ request: Request, _ id: String) async throws -> Response {
        try await step(request) { state, now in
            guard let index = state.jobs.firstIndex(where: { $0.id == id }) else { return .missing }
            state.advance(index, at: now)
            return .json(state.jobs[index].json)
        }
    }

    private func cancel(_ request: Request, _ id: String) async throws -> Response {
        try await step(request) { state, _ in
            guard let index = state.jobs.firstIndex(where: { $0.id == id }) else { return .missing }
            if state.jobs[index].isOver { return .refused(409, "it has ended") }
            state.jobs[index].phase = .cancelling
            return .json(state.jobs[index].json)
        }
    }

    // MARK: Helpers

    private static func json(_ request: Request) async throws -> JSONTree {
        let body = try await request.body.collect(upTo: bodyBytesMax)
        do { return try JSONTree(parsing: body.readableBytesView) } catch {
            throw HTTPError(.badRequest, message: "\(error)")
        }
    }

    private static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private static func base(_ request: Request) -> String {
        "http://" + (request.head.authority ?? "127.0.0.1")
    }
}
