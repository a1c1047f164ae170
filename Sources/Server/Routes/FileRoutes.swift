import Access
import BatchRunner
import HTTPTypes
import Hummingbird
import JSON
import LedgerModel
import NIOCore
import Providers

/// `/v1/files`: files of batches, in OpenAI's shapes.
enum FileRoutes {
    static let routes: [Route] = [
        Route(
            .post, "/v1/files", "Upload a file of requests for a batch", needs: callers,
            answers: [BatchSchemas.file], upload),
        Route(
            .get, "/v1/files", "List the caller's files", needs: callers,
            answers: [BatchSchemas.files]
        ) { (call, _: ListInput) in
            let files = try await call.parts.batches.files(of: call.batchOwner)
            var json = JSONWriter()
            json.object { json in
                json.field("object", "list")
                json.key("data")
                json.array(of: files) { $0.value($1) }
                json.field("has_more", false)
            }
            return .json(json)
        },
        Route(
            .get, "/v1/files/{id}", "Show a file, or one of a batch's results", needs: callers,
            answers: [BatchSchemas.file], show),
        Route(
            .get, "/v1/files/{id}/content", "Read a file, or the results of a batch",
            needs: callers,
            answers: [.text("application/jsonl"), .text("application/x-jsonl")], content),
        Route(
            .delete, "/v1/files/{id}", "Delete a file; batches that were made of it go on",
            needs: callers, answers: [BatchSchemas.deletedFile]
        ) { (call, input: FileName) in
            try await call.parts.batches.delete(file: input.id, of: call.batchOwner)
            var json = JSONWriter()
            json.object { json in
                json.field("id", PublicID.file(input.id))
                json.field("object", "file")
                json.field("deleted", true)
            }
            return .json(json)
        },
    ]

    static let callers = Need.key([.gateway])

    private struct UploadInput: Input {
        static let body = BodyForm.form(
            meaning: "purpose: batch, and file: lines as OpenAI's batch API takes them.")
        init(_: Given) {}
    }

    private struct ListInput: Input {
        init(_ given: Given) throws {
            _ = try given.query("purpose", .text, "Ignored: all files are for batches.")
            _ = try given.query("limit", .count(in: 1...10_000), "Ignored: all are listed.")
            _ = try given.query("order", .text, "Ignored: the newest come first.")
            _ = try given.query("after", .text, "Ignored: all are listed.")
        }
    }

    private struct FileName: Input {
        let id: EventID

        init(_ given: Given) throws {
            let text = try given.path("id", .text, "The id of the file.")
            if given.isDescription {
                id = EventID(high: 0, low: 0)
                return
            }
            guard let id = PublicID.read(text) else { throw BatchFault.unknownFile(text) }
            self.id = id
        }
    }

    private struct ContentName: Input {
        let text: String

        init(_ given: Given) throws {
            text = try given.path("id", .text, "The id of the file.")
        }
    }

    /// Reads a form part by part: the file is never in memory as a whole.
    private static func upload(_ call: Call, _: UploadInput) async throws -> Response {
        var form = try MultipartReader(contentType: call.request.headers[.contentType])
        var upload = call.parts.batches.upload(for: call.batchOwner, at: call.now)
        var (part, name, purpose) = ("", "batch.jsonl", [UInt8]())
        var hasFile = false
        try call.memory.grow(by: 4 << 20)
        for try await piece in call.request.body {
            var content: [ArraySlice<UInt8>] = []
            try form.take(piece.readableBytesView) { piece in
                switch piece {
                case .part(let own, let fileName):
                    part = own
                    if own == "file" {
                        guard !hasFile else { throw BatchFault.badForm("there are two files") }
                        hasFile = true
                        name = fileName.flatMap { $0.isEmpty ? nil : $0 } ?? name
                    }
                case .data(let bytes) where part == "file": content.append(bytes)
                case .data(let bytes) where part == "purpose" && purpose.count < 64:
                    purpose += bytes.prefix(64)
                case .data: break
                }
            }
            for bytes in content { try await upload.take(bytes) }
        }
        try form.finish()
        guard hasFile else { throw BatchFault.badForm("there is no file") }
        guard purpose == Array("batch".utf8) else {
            throw BatchFault.badForm("files are taken for the purpose batch only")
        }
        guard !name.utf8.contains(0) else { throw BatchFault.badForm("the name has a NUL") }
        var json = JSONWriter()
        json.value(try await upload.finish(name: name, purpose: "batch"))
        return .json(json)
    }

    private static func show(_ call: Call, _ input: ContentName) async throws -> Response {
        let file: BatchFile
        if let (batch, _) = result(input.text) {
            let view = try await call.parts.batches.find(
                batch, for: call.batchOwner, as: [.openAI])
            guard let results = view.results(named: input.text) else {
                throw BatchFault.unknownFile(input.text)
            }
            file = results
        } else {
            guard let id = PublicID.read(input.text) else {
                throw BatchFault.unknownFile(input.text)
            }
            file = try await call.parts.batches.file(id, of: call.batchOwner)
        }
        var json = JSONWriter()
        json.value(file, named: input.text)
        return .json(json)
    }

    private static func content(_ call: Call, _ input: ContentName) async throws -> Response {
        if let (batch, outcomes) = result(input.text) {
            return try await BatchAnswers.results(call, batch, as: [.openAI], outcomes) {
                json, result in
                json.value(openAI: result)
            }
        }
        guard let id = PublicID.read(input.text) else { throw BatchFault.unknownFile(input.text) }
        let (batches, owner) = (call.parts.batches, call.batchOwner)
        let file = try await batches.file(id, of: owner)
        return Response(
            status: .ok, headers: [.contentType: "application/jsonl"],
            body: ResponseBody { writer in
                var number = 0
                while let piece = try await batches.piece(number, of: file, for: owner) {
                    for part in ByteBuffer(bytes: piece).pieces { try await writer.write(part) }
                    number += 1
                }
                try await writer.finish(nil)
            })
    }

    /// The batch of a file of results, and which of them it has.
    private static func result(_ name: String) -> (EventID, [BatchResult.Outcome])? {
        for (suffix, outcomes) in results where name.hasSuffix(suffix) {
            return PublicID.read(name.dropLast(suffix.count)).map { ($0, outcomes) }
        }
        return nil
    }

    /// Files of results are made of the rows as they are read; they have the batch's id.
    static let results: [(suffix: String, outcomes: [BatchResult.Outcome])] = [
        ("-output", [.succeeded]), ("-errors", [.failed, .expired, .cancelled, .missing]),
    ]
}

extension JSONWriter {
    fileprivate mutating func value(_ file: BatchFile, named name: String? = nil) {
        object { json in
            json.field("id", name ?? PublicID.file(file.id))
            json.field("object", "file")
            json.field("bytes", file.bytes)
            json.field("created_at", file.createdAt.unixSeconds)
            json.field("expires_at", file.expiresAt.unixSeconds)
            json.field("filename", file.name)
            json.field("purpose", file.purpose)
            json.field("status", "processed")
        }
    }
}

extension Timestamp {
    var unixSeconds: Int64 { unixMicroseconds / 1_000_000 }
}
