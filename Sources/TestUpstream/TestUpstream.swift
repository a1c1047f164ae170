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

    private var router: Router<UpstreamContext> {
        let router = Router(context: UpstreamContext.self)
        addControls(to: router)
        addModels(to: router)
        addJobs(to: router)
        return router
    }

    /// What a script changes and shows.
    private func addControls(to router: Router<UpstreamContext>) {
        router.post("/_script") { [self] request, _ in
            let json = try await Self.json(request).tree
            do { try state.withLock { try $0.script.apply(json) } } catch {
                return Self.text("\(error)\n", status: .badRequest)
            }
            return Self.text("{}\n")
        }
        router.post("/_clock") { [self] request, _ in
            let json = try await Self.json(request).tree
            advance(bySeconds: json["advance_s"]?.integer ?? 0)
            return Self.text("{}\n")
        }
        router.get("/_calls") { [self] request, _ in
            let query = request.uri.queryParameters
            var json = JSONWriter()
            if query["full"] != nil {
                let after = query["after"].flatMap { Int($0) } ?? 0
                json.array(of: state.withLock { $0.records(after: after) }) { $0.record($1) }
            } else {
                let calls = self.calls.sorted { $0.key < $1.key }
                json.object { json in for (call, count) in calls { json.field(call, count) } }
            }
            return Self.text(json.text)
        }
    }

    private func addModels(to router: Router<UpstreamContext>) {
        for path in Self.paths {
            router.post(RouterPath(path)) { [self] in try await model($0, $1, path) }
        }
        // Where Azure, Gemini and others have what OpenAI's dialect calls /v1.
        for base in ["/openai/v1", "/v1beta/openai", "/openai/deployments/{deployment}"] {
            for path in Self.paths where !path.hasPrefix("/v1/messages") {
                router.post(RouterPath(base + path.dropFirst(3))) { [self] in
                    try await model($0, $1, path)
                }
            }
        }
        router.post("/v1/messages/count_tokens") { [self] request, context in
            let (json, body) = try await Self.json(request)
            let call = UpstreamCall(request, body: body, model: json["model"]?.string)
            return try await step(call, request, context) { _, _, _ in
                let tokens = UpstreamPrompt(json, path: "/v1/messages").tokens
                return .json("{\"input_tokens\":\(tokens)}")
            }
        }
        router.get("/v1/models") { [self] request, context in
            let call = UpstreamCall(request)
            return try await step(call, request, context) { state, now, _ in
                .json(Self.list(of: state.script.models, at: now, call.isAnthropic))
            }
        }
        router.get("/v1/models/{id}") { [self] request, context in
            let (id, call) = (context.parameters.get("id") ?? "", UpstreamCall(request))
            return try await step(call, request, context) { state, now, _ in
                guard state.script.models.contains(id) else { return .missing }
                return .json(Self.model(id, at: now, call.isAnthropic))
            }
        }
        router.on("/api/hello", method: .head) { _, _ in Response(status: .ok) }
        router.get("/api/hello") { _, _ in Self.text("{\"message\":\"hello\"}") }
        for method in [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete] {
            for path in ["/v1/echo", "/v1/echo/**"] {
                router.on(RouterPath(path), method: method) { [self] request, context in
                    try await echo(request, context)
                }
            }
        }
    }

    private static let paths = [
        "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses",
        "/v1/messages",
    ]

    // MARK: Models

    private func model(
        _ request: Request, _ context: UpstreamContext, _ path: String
    ) async throws -> Response {
        var (json, body) = try await Self.json(request)
        if json["model"] == nil, let deployment = context.parameters.get("deployment") {
            json = json.replacing("model", with: .text(deployment))
        }
        let (tree, prompt) = (json, UpstreamPrompt(json, path: path))
        let call = UpstreamCall(request, body: body, model: prompt.model)
        return try await step(call, request, context, prompt) { state, now, course in
            guard !prompt.model.isEmpty else { return .refused(400, "model is missing") }
            guard tree["stream"] == .boolean(true), path != "/v1/embeddings" else {
                let text = state.answer(
                    prompt, path: path, key: call.key, at: now,
                    omitsUsage: course.shape.omitsUsage)
                return text.map { .json($0) } ?? .missing
            }
            if state.script.malformedRate > 0, state.chance() < state.script.malformedRate {
                course.shape.isMalformed = true
            }
            if state.script.cutRate > 0, state.chance() < state.script.cutRate {
                course.shape.cut = .middle
            }
            let frames = state.stream(
                tree, prompt, path: path, key: call.key, at: now, course.shape)
            let delay = Duration.microseconds(state.script.tokenMicroseconds)
            return frames.map { .stream($0, delay: delay) } ?? .missing
        }
    }

    private static func list(of models: [String], at now: Int, _ isAnthropic: Bool) -> String {
        let data = models.map { model($0, at: now, isAnthropic) }.joined(separator: ",")
        guard isAnthropic else { return "{\"object\":\"list\",\"data\":[\(data)]}" }
        return """
            {"data":[\(data)],"has_more":false,"first_id":\(models.first.map { quoted($0) } ?? "null"),\
            "last_id":\(models.last.map { quoted($0) } ?? "null")}
            """
    }

    private static func model(_ id: String, at now: Int, _ isAnthropic: Bool) -> String {
        isAnthropic
            ? """
            {"type":"model","id":\(quoted(id)),"display_name":\(quoted(id)),\
            "created_at":"2026-01-01T00:00:00Z"}
            """
            : """
            {"id":\(quoted(id)),"object":"model","created":\(now),"owned_by":"made-up"}
            """
    }

    /// Answers with what came, so that it can be compared; `?status=` says with which status, and
    /// headers that begin with `x-answer-` come back without that.
    private func echo(_ request: Request, _ context: UpstreamContext) async throws -> Response {
        let body = try await request.body.collect(upTo: Self.bodyBytesMax)
        let call = UpstreamCall(request, body: Array(body.readableBytesView))
        var response = try await step(call, request, context) { state, _, _ in
            var json = JSONWriter()
            json.record(UpstreamRecord(number: state.callCount, call))
            return .json(json.text)
        }
        if response.status == .ok, let status = request.uri.queryParameters["status"] {
            response.status = .init(code: Int(status) ?? 200)
        }
        for field in request.headers where field.name.canonicalName.hasPrefix("x-answer-") {
            response.headers.set(String(field.name.canonicalName.dropFirst(9)), field.value)
        }
        return response
    }

    // MARK: Answering

    enum Answer {
        case json(String)
        /// With the provider's own address in it, as `{base}`.
        case job(String)
        case body([UInt8])
        case stream([UpstreamFrame], delay: Duration)
        case refused(Int, String)
        case missing
    }

    /// One call: counted, failed if the script says so, answered after its time.
    ///
    /// - Parameter prompt: of a call of a model.
    private func step(
        _ call: UpstreamCall, _ request: Request, _ context: UpstreamContext,
        _ prompt: UpstreamPrompt? = nil,
        _ work: (inout UpstreamState, Int, inout UpstreamCourse) throws -> Answer
    ) async throws -> Response {
        let (course, answer, latency, micros) = try state.withLock { state in
            let now = Int(clock().unixMicroseconds / 1_000_000) + state.ahead
            let used =
                state.script.tokensPerMinute == 0
                ? 0 : prompt.map { $0.tokens + $0.output(state.script).tokens } ?? 0
            var course = state.begin(call, tokens: used, at: now)
            let isDone = course.failure == nil || course.failure?.loses == true
            let answer = isDone ? try work(&state, now, &course) : .missing
            let time = state.script.latency.time(
                inputTokens: prompt?.tokens ?? 0, underWay: state.underWay
            ) { (state.chance(), state.chance()) }
            state.underWay += 1
            return (
                course, answer, time + .milliseconds(course.milliseconds),
                state.script.tokenMicroseconds
            )
        }
        let underWay = UnderWay(of: self)
        if latency > .zero { try await Task.sleep(for: latency) }
        if course.failure?.loses == true {
            context.channel.close(promise: nil)
            throw ConnectionDropped()
        }
        let sending = UpstreamSending(call, course, underWay)
        if let failure = course.failure { return sending.failed(failure) }
        switch answer {
        case .json(let text):
            if micros > 0 {
                try await Task.sleep(for: .microseconds(micros * (text.utf8.count / 5)))
            }
            return sending.whole(text)
        case .job(let text):
            return sending.whole(text.replacing("{base}", with: Self.base(request)))
        case .body(let bytes):
            return Response(
                status: .ok, headers: [.contentType: "application/x-jsonlines"],
                body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let frames, let delay): return sending.stream(frames, delay: delay)
        case .refused(let status, let message):
            return sending.failed(.init(status: status, message))
        case .missing: return sending.failed(.init(status: 404, "there is none"))
        }
    }

    /// A step of a call without a model.
    private func step(
        _ request: Request, _ context: UpstreamContext,
        _ work: (inout UpstreamState, Int) throws -> Answer
    ) async throws -> Response {
        try await step(UpstreamCall(request), request, context) { state, now, _ in
            try work(&state, now)
        }
    }

    /// A call that is over when nobody holds it any more.
    final class UnderWay: Sendable {
        private let upstream: TestUpstream

        init(of upstream: TestUpstream) {
            self.upstream = upstream
        }

        deinit { upstream.state.withLock { $0.underWay -= 1 } }
    }

    // MARK: Files and jobs

    private func addJobs(to router: Router<UpstreamContext>) {
        router.post("/v1/files") { [self] in try await upload($0, $1) }
        router.get("/v1/files/{id}/content") { [self] request, context in
            try await step(request, context) { state, _ in
                let file = state.files[context.parameters.get("id") ?? ""]
                return file.map { .body($0.bytes) } ?? .missing
            }
        }
        router.post("/v1/batches") { [self] in try await create($0, $1) }
        router.get("/v1/batches") { [self] in try await list($0, $1, false) }
        router.get("/v1/batches/{id}") { [self] request, context in
            try await show(request, context, context.parameters.get("id") ?? "")
        }
        router.post("/v1/batches/{id}/cancel") { [self] request, context in
            try await cancel(request, context, context.parameters.get("id") ?? "")
        }
        router.post("/v1/messages/batches") { [self] in try await createAnthropic($0, $1) }
        router.get("/v1/messages/batches") { [self] in try await list($0, $1, true) }
        router.get("/v1/messages/batches/{id}") { [self] request, context in
            try await show(request, context, context.parameters.get("id") ?? "")
        }
        router.post("/v1/messages/batches/{id}/cancel") { [self] request, context in
            try await cancel(request, context, context.parameters.get("id") ?? "")
        }
        router.get("/v1/messages/batches/{id}/results") { [self] request, context in
            try await step(request, context) { state, _ in
                let file = state.files[context.parameters.get("id") ?? ""]
                return file.map { .body($0.bytes) } ?? .missing
            }
        }
    }

    private func upload(
        _ request: Request, _ context: UpstreamContext
    ) async throws -> Response {
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
        return try await step(request, context) { state, now in
            let id = state.newID("file-")
            state.files[id] = (fileName, kind, content)
            return .json(
                """
                {"id":"\(id)","object":"file","bytes":\(content.count),"created_at":\(now),\
                "filename":\(quoted(fileName)),"purpose":\(quoted(kind)),"status":"processed"}
                """)
        }
    }

    private func create(
        _ request: Request, _ context: UpstreamContext
    ) async throws -> Response {
        let json = try await Self.json(request).tree
        return try await step(request, context) { state, now in
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

    private func createAnthropic(
        _ request: Request, _ context: UpstreamContext
    ) async throws -> Response {
        let json = try await Self.json(request).tree
        return try await step(request, context) { state, now in
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
        return .job(job.json)
    }

    private func list(
        _ request: Request, _ context: UpstreamContext, _ isAnthropic: Bool
    ) async throws -> Response {
        let query = request.uri.queryParameters
        let limit = query["limit"].flatMap { Int($0) } ?? 20
        let after = (query[isAnthropic ? "after_id" : "after"]).map { String($0) }
        return try await step(request, context) { state, _ in
            let jobs = state.jobs.filter { $0.isAnthropic == isAnthropic }.reversed()
            let rest =
                after.map { id in jobs.drop { $0.id != id }.dropFirst() } ?? jobs.dropFirst(0)
            let page = rest.prefix(limit)
            return .job(
                """
                {"object":"list","data":[\(page.map(\.json).joined(separator: ","))],\
                "has_more":\(rest.count > page.count),\
                "first_id":\(page.first.map { quoted($0.id) } ?? "null"),\
                "last_id":\(page.last.map { quoted($0.id) } ?? "null")}
                """)
        }
    }

    private func show(
        _ request: Request, _ context: UpstreamContext, _ id: String
    ) async throws -> Response {
        try await step(request, context) { state, now in
            guard let index = state.jobs.firstIndex(where: { $0.id == id }) else { return .missing }
            state.advance(index, at: now)
            return .job(state.jobs[index].json)
        }
    }

    private func cancel(
        _ request: Request, _ context: UpstreamContext, _ id: String
    ) async throws -> Response {
        try await step(request, context) { state, _ in
            guard let index = state.jobs.firstIndex(where: { $0.id == id }) else { return .missing }
            if state.jobs[index].isOver { return .refused(409, "it has ended") }
            state.jobs[index].phase = .cancelling
            return .job(state.jobs[index].json)
        }
    }

    // MARK: Helpers

    private static func json(_ request: Request) async throws -> (tree: JSONTree, body: [UInt8]) {
        let body = Array(try await request.body.collect(upTo: bodyBytesMax).readableBytesView)
        do { return (try JSONTree(parsing: body), body) } catch {
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
