import Booking
import EventReading
import LedgerModel
import LedgerTesting
import OTLPMessages
import SwiftProtobuf
import Testing

@Suite("An OTLP body")
struct TelemetryBodyTests {
    private func reasons(_ json: String, _ signal: TelemetrySignal = .traces) throws -> [String] {
        try TelemetryResult(Array(json.utf8), signal, .json).items.map { $0.reason ?? "taken" }
    }

    private func fault(_ body: [UInt8], _ encoding: TelemetryEncoding) -> String {
        do {
            _ = try TelemetryResult(body, .traces, encoding)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test("in JSON may write its numbers and enums as numbers or as texts")
    func spellings() throws {
        let sample = TraceSample(spans: [chat().with { $0.status = 2 }])
        let expected = try TelemetryResult(try sample.protobuf(), .traces, .protobuf).items
        let json = sample.json
            .replacing("\"intValue\":\"1200\"", with: "\"intValue\":1200")
            .replacing("\"1764003600123456789\"", with: "1764003600123456789")
            .replacing("\"kind\":3", with: "\"kind\":\"SPAN_KIND_CLIENT\"")
            .replacing("\"code\":2", with: "\"code\":\"STATUS_CODE_ERROR\"")
            .replacing("b7ad6b7169203331", with: "B7AD6B7169203331")
        #expect(json != sample.json)
        let items = try TelemetryResult(Array(json.utf8), .traces, .json).items
        #expect(items.map(\.event) == expected.map(\.event))
        #expect(items.first?.event?.kind == .requestFailed)
    }

    @Test("loses only a span that is wrong")
    func oneBadSpan() throws {
        let good = TraceSample(spans: [chat()]).json
        let between = [
            ("{\"spanId\":\"xyz\"}", "spanId \"xyz\" is not hexadecimal"),
            ("17", "it is a number: expected an object"),
            ("null", "it is null: expected an object"),
            (
                "{\"startTimeUnixNano\":\"soon\"}",
                """
                startTimeUnixNano "soon" is not a time: expected nanoseconds since 1970
                """
            ),
        ]
        for (bad, reason) in between {
            let json = good.replacing("\"spans\":[", with: "\"spans\":[\(bad),")
            #expect(try reasons(json) == [reason, "taken"])
        }
        // In protobuf: the bytes of one span are corrupt, but their length is right.
        var request = TraceSample(spans: [chat(), chat().with { $0.span[0] = 1 }]).message
        request.resourceSpans[0].scopeSpans[0].spans[1].name = "MARKMARKMARK"
        var bytes: [UInt8] = try request.serializedBytes()
        let mark = try #require(bytes.firstRange(of: Array("MARKMARKMARK".utf8)))
        bytes[mark.lowerBound - 1] = 0x7F
        let items = try TelemetryResult(bytes, .traces, .protobuf).items
        #expect(items.count == 2)
        #expect(items.first?.event != nil)
        #expect(items.last?.reason?.hasPrefix("it cannot be decoded as protobuf") == true)
    }

    @Test("with a malformed structure is a fault, and nothing of it is accepted")
    func broken() throws {
        let sample = TraceSample(spans: [chat()])
        let bytes = try sample.protobuf()
        #expect(
            fault(Array(bytes.dropLast()), .protobuf)
                == "the body cannot be read at byte 0: a field is longer than its container")
        #expect(
            fault(Array("{}".utf8), .protobuf)
                == "the body cannot be read at byte 0: this is not a field of a protobuf message")
        #expect(fault(bytes + [0x0A], .protobuf).contains("it ends inside a number"))
        #expect(fault([0, 1], .protobuf).contains("a field has the number 0"))
        #expect(
            fault([UInt8](repeating: 0xFF, count: 12), .protobuf)
                .contains("a number is longer than ten bytes"))
        #expect(fault(Array("{".utf8), .json).contains("cannot be read at byte"))
        #expect(fault([], .json).contains("it is empty"))
        #expect(fault(Array("[]".utf8), .json).contains("an export request must be an object"))
        #expect(
            fault(Array("{\"resourceSpans\":1}".utf8), .json)
                .contains("resourceSpans is a number: expected an array"))
        #expect(
            fault(Array("{\"resourceSpans\":[{\"scopeSpans\":[3]}]}".utf8), .json)
                .contains("a group is a number: expected an object with spans"))
    }

    @Test("without spans is empty, in either encoding")
    func empty() throws {
        #expect(try TelemetryResult([], .traces, .protobuf).items.isEmpty)
        for json in ["{}", "{\"resourceSpans\":null}", "{\"resourceSpans\":[{}],\"x\":[[]]}"] {
            #expect(try reasons(json).isEmpty)
        }
    }

    @Test("of many empty spans takes no more memory than one span")
    func manyEmptySpans() throws {
        // Two bytes make an empty span; this is half a million of them.
        let spans = [UInt8](repeating: 0x12, count: 1) + [0]
        let scoped = [[UInt8]](repeating: spans, count: 500_000).flatMap { $0 }
        func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
            var length = content.count
            var bytes = [number << 3 | 2]
            while length > 0x7F {
                bytes.append(UInt8(length & 0x7F) | 0x80)
                length >>= 7
            }
            return bytes + [UInt8(length)] + content
        }
        let body = field(1, field(2, scoped))
        let result = try TelemetryResult(body, .traces, .protobuf)
        #expect(result.items.isEmpty)
        #expect(result.tally.ignored == 500_000)
    }

    @Test("of log records books those outside of spans, and leaves the others to their spans")
    func logs() throws {
        let inSpan = TraceSample(spans: [chat()])
        var result = try TelemetryResult(try inSpan.logs(), .logs, .protobuf)
        #expect(result.items.isEmpty)
        #expect(result.tally.remark?.contains("1 log record with usage belongs to a span") == true)

        let all = try telemetrySettings(logs: "all")
        result = try TelemetryResult(try inSpan.logs(), .logs, .protobuf, all)
        let booked = try #require(result.items.first?.event)
        #expect(booked.usage[.inputTokens] == 1200)
        #expect(booked.dimensions[.app] == "shop")

        let alone = TraceSample(spans: [
            chat().with {
                $0.trace = []
                $0.span = []
            }
        ])
        result = try TelemetryResult(try alone.logs(), .logs, .protobuf)
        let first = try #require(result.items.first?.event)
        #expect(first.kind == .requestCompleted)
        let again = try TelemetryResult(try alone.logs(), .logs, .protobuf).items.first?.event
        #expect(again == first)
        let later = try TelemetryResult(
            try alone.logs(time: 1_764_003_600_000_000_001), .logs, .protobuf)
        #expect(later.items.first?.event?.id != first.id)

        let json = """
            {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1764003600000000000",\
            "eventName":"gen_ai.client.inference.operation.details","body":{"stringValue":"x"},\
            "attributes":\(chatAttributes.json)},{"severityText":"INFO"}]}]}]}
            """
        result = try TelemetryResult(Array(json.utf8), .logs, .json)
        #expect(result.items.map { $0.event?.usage[.outputTokens] } == [340])
        #expect(result.tally.ignored == 1)
    }

    @Test("of metrics is counted by data points, and says that sums have no price")
    func metrics() throws {
        var metric = Opentelemetry_Proto_Metrics_V1_Metric()
        metric.name = "gen_ai.client.token.usage"
        metric.histogram.dataPoints = [.init(), .init()]
        var other = Opentelemetry_Proto_Metrics_V1_Metric()
        other.name = "process.cpu.time"
        other.sum.dataPoints = [.init()]
        var request = Opentelemetry_Proto_Collector_Metrics_V1_ExportMetricsServiceRequest()
        var group = Opentelemetry_Proto_Metrics_V1_ResourceMetrics()
        var scoped = Opentelemetry_Proto_Metrics_V1_ScopeMetrics()
        scoped.metrics = [metric, other]
        group.scopeMetrics = [scoped]
        request.resourceMetrics = [group]
        let result = try TelemetryResult(try request.serializedBytes(), .metrics, .protobuf)
        #expect(result.items.isEmpty)
        #expect(result.tally.ignored == 3)
        #expect(result.tally.remark?.hasPrefix("2 data points of gen_ai metrics") == true)
        let json = """
            {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"gen_ai.client.token.usage",\
            "histogram":{"dataPoints":[{},{}]}},{"name":"process.cpu.time","sum":{"dataPoints":\
            [{}]}}]}]}]}
            """
        let inJSON = try TelemetryResult(Array(json.utf8), .metrics, .json)
        #expect(inJSON.tally.ignored == 3)
        #expect(inJSON.tally.remark == result.tally.remark)
    }
}

@Suite("A file of export requests")
struct TelemetryFileTests {
    @Test("holds one on each line, or is one document over several lines")
    func layouts() throws {
        let spans = [chat(), chat().with { $0.span[0] = 1 }, SpanSample([:])]
        let line = TraceSample(spans: spans).json
        let expected = try telemetry(TraceSample(spans: spans)).items.map(\.event)
        let spread = "{\n" + line.dropFirst().replacing(",\"", with: ",\n\"")
        for text in [line, "\n\(line)\n\n", "\u{FEFF}\(spread)", "[\(line)]"] {
            let items = try imported(text.utf8, .otlpJSON)
            #expect(items.map(\.event) == expected)
        }
        let other = TraceSample(spans: [chat().with { $0.span[0] = 2 }]).json
        let bad = "{\"resourceSpan\":[]}"
        let items = try imported("\(line)\n{\n\(bad)\n\(other)\n".utf8, .otlpJSON, pieceBytes: 100)
        #expect(items.map(\.line) == [1, 1, 2, 3, 4])
        #expect(items[2].reason?.contains("cannot be read at byte") == true)
        #expect(
            items[3].reason == """
                this is not an export request: expected resourceSpans, resourceLogs or \
                resourceMetrics
                """)
        #expect(items[4].event != nil)
    }

    @Test("accepts no column mapping")
    func mapping() throws {
        #expect(throws: ImportFault.self) {
            try imported("{}".utf8, .otlpJSON, set: ["app=x"])
        }
    }
}

@Suite("Random damage to OTLP")
struct TelemetryFuzzTests {
    private func damage(
        _ bytes: inout [UInt8], in range: Range<Int>, _ random: inout SeededGenerator
    ) {
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let index = Int.random(in: range, using: &random)
            if random.chance(2) {
                bytes[index] = UInt8.random(in: 0...255, using: &random)
            } else {
                bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
        }
    }

    private let samples = [
        TraceSample(spans: [
            chat(["x": ["a", true, 1.5], "gen_ai.response.time_to_first_chunk": 0.5]),
            chat().with {
                $0.events = ["gen_ai.content.completion.chunk": 5]
                $0.exceptionType = "Error"
                $0.status = 2
            },
        ])
    ]

    @Test("ends in events, refusals or a fault, in either encoding", arguments: [51, 52])
    func anywhere(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let sample = samples[0]
        let bodies = [
            (try sample.protobuf(), TelemetryEncoding.protobuf, TelemetrySignal.traces),
            (Array(sample.json.utf8), .json, .traces), (try sample.logs(), .protobuf, .logs),
        ]
        var faults = 0
        var taken = 0
        for round in 0..<6_000 {
            var (bytes, encoding, signal) = bodies[round % 3]
            if random.chance(5) {
                bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
            }
            damage(&bytes, in: bytes.indices, &random)
            do {
                let result = try TelemetryResult(bytes, signal, encoding)
                #expect(result.items.count <= bytes.count, "seed \(seed), round \(round)")
                taken += result.items.count { $0.event != nil }
            } catch is BodyFault {
                faults += 1
            }
        }
        #expect((1..<6_000).contains(faults))
        #expect(taken > 1_000)
    }

    @Test("inside one span never affects the spans around it", arguments: [61, 62])
    func insideOneSpan(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let good = [chat(), chat().with { $0.span[0] = 1 }]
        let expected = try telemetry(TraceSample(spans: good)).items.map(\.event)
        let middle = samples[0].spans[1].with { $0.span[0] = 2 }
        let bytes = try TraceSample(spans: [good[0], middle, good[1]]).protobuf()
        let inner: [UInt8] = try middle.message.serializedBytes()
        let place = try #require(bytes.firstRange(of: inner))
        var refused = 0
        for round in 0..<4_000 {
            var damaged = bytes
            damage(&damaged, in: place, &random)
            let items = try TelemetryResult(damaged, .traces, .protobuf).items
            let events = [items.first?.event, items.last?.event]
            #expect(events == expected, "seed \(seed), round \(round)")
            refused += items.count { $0.reason != nil }
        }
        #expect(refused > 400)
    }
}

@Suite("An OTLP answer")
struct TelemetryAnswerTests {
    @Test("is a google.rpc.Status in the encoding of the request")
    func status() throws {
        let json = TelemetryAnswer(code: 3, message: "no", .json)
        #expect(json.contentType == "application/json")
        #expect(String(decoding: json.body, as: UTF8.self) == #"{"code":3,"message":"no"}"#)
        let protobuf = TelemetryAnswer(code: 3, message: "no", .protobuf)
        #expect(protobuf.contentType == "application/x-protobuf")
        let status = try Google_Rpc_Status(serializedBytes: protobuf.body)
        #expect(status.code == 3)
        #expect(status.message == "no")
    }
}
