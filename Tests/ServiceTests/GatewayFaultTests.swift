import Foundation
import Glibc
import LedgerTesting
import PostgresTesting
import Testing
import WireTesting

/// Providers that fail in every way, behind a gateway whose callers must not notice, or be told once.
@Suite("The gateway and providers that fail", .serialized)
struct GatewayFaultTests {
    private static let failover = """
        tally_gateway: 1
        routes:
          chat: {for: {model: gpt-*}, providers: [openai, spare1], affinity: false}
          claude: {for: {model: claude-*}, providers: [anthropic, claude1], affinity: false}

        """
    private static let quick = "{connect: 1s, first_byte: 1s, idle: 1s}"

    @Test(
        "a dead provider is replaced by another one; without one, callers are told in their dialect"
    )
    func dead() async throws {
        try await GatewayHouse.with("{}", "{}", gateway: Self.failover) { house in
            try await house.withService { _, caller in
                await house.upstreams[0].end()
                for stream in [false, true] {
                    let chat = try await caller.chat("once more \(stream)", stream: stream)
                    #expect(chat.status == 200 && chat.words > 0, "\(chat.text)")
                    #expect(chat.header("x-tally-provider") == "spare1")
                    #expect(try await house.booked(chat).charges == 1)
                    let message = try await caller.message(stream: stream)
                    #expect(message.status == 200 && message.words > 0, "\(message.text)")
                    #expect(try await house.booked(message).charges == 1)
                }
                await house.upstreams[1].end()
                let chat = try await caller.chat()
                #expect((500..<600).contains(chat.status), "\(chat.text)")
                #expect(try chat.failure.message.string?.isEmpty == false)
                #expect(chat.status != 503 || chat.header("retry-after") != nil)
                let message = try await caller.message()
                #expect((500..<600).contains(message.status), "\(message.text)")
                #expect(try message.json.type.string == "error")
                try await house.budgetsAreExact()
            }
        }
    }

    /// Before the first text there is nothing that anybody has seen.
    @Test(
        "what goes wrong before the first output is answered by the next provider, as if nothing were",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1"),
        arguments: [
            #"{"cut":"start"}"#, #"{"cut":"first"}"#, #"{"error":"first"}"#,
            #"{"stall":"start","stall_ms":30000}"#, #"{"stall":"first","stall_ms":30000}"#,
        ])
    func beforeOutput(_ shape: String) async throws {
        try await GatewayHouse.with(
            "{}", "{}", gateway: Self.failover, timeouts: Self.quick
        ) { house in
            try await house.withService { _, caller in
                try await house.upstreams[0].script(Self.fault(shape))
                for answer in [
                    try await caller.chat(stream: true), try await caller.message(stream: true),
                ] {
                    #expect(answer.status == 200 && answer.words > 0, "\(answer.text)")
                    #expect(answer.errorEvents == 0, "\(answer.text)")
                    let begun = answer.events.count {
                        $0.contains("\"role\":\"assistant\"") || $0.contains("\"message_start\"")
                    }
                    #expect(begun == 1, "\(answer.text)")
                    let booked = try await house.booked(answer)
                    #expect(booked.charges == 1 && booked.outputTokens == answer.words)
                }
                let spare = try await house.upstreams[1].calls()
                #expect(spare.count == 2, "each call went on at the spare one")
                try await house.budgetsAreExact()
            }
        }
    }

    @Test(
        "what goes wrong after the first output is one error event, and one charge",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1"),
        arguments: [
            #"{"cut":"middle"}"#, #"{"error":"middle"}"#, #"{"stall":"middle","stall_ms":30000}"#,
            #"{"cut":"usage"}"#,
        ])
    func afterOutput(_ shape: String) async throws {
        try await GatewayHouse.with(
            #"{"output_tokens":64}"#, "{}", gateway: Self.failover, timeouts: Self.quick
        ) { house in
            try await house.withService { _, caller in
                try await house.upstreams[0].script(Self.fault(shape))
                for answer in [
                    try await caller.chat(Self.talkative, stream: true),
                    try await caller.message(Self.talkative, stream: true),
                ] {
                    #expect(answer.status == 200 && answer.words > 0, "\(answer.text)")
                    #expect(answer.errorEvents == 1, "\(answer.text)")
                    #expect(
                        !answer.text.contains("[DONE]") && !answer.text.contains("message_stop"))
                    let booked = try await house.booked(answer)
                    #expect(booked.charges == 1 && booked.cost > 0)
                    // Nobody said what it used, so it was counted.
                    #expect(
                        abs(booked.outputTokens - answer.words) <= 4, "\(booked) \(answer.text)")
                }
                #expect(try await house.upstreams[1].calls().isEmpty, "no second answer")
                try await house.budgetsAreExact()
            }
        }
    }

    /// The made-up provider answers it with many words, by its seed.
    private static let talkative = "Tell me a long story about tea"

    private static func fault(_ shape: String) -> String {
        #"{"faults":[{"path":"/v1/","times":1000,"shape":\#(shape)}]}"#
    }

    @Test(
        "a provider that tells no usage, or no end, is charged by what came",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1"))
    func missingUsage() async throws {
        try await GatewayHouse.with(#"{"output_tokens":64}"#) { house in
            try await house.withService { _, caller in
                for shape in [#"{"omit":["usage"]}"#, #"{"omit":["usage","end"]}"#] {
                    try await house.upstreams[0].script(Self.fault(shape))
                    for stream in [false, true] {
                        for answer in [
                            try await caller.chat(shape, stream: stream),
                            try await caller.message(shape, stream: stream),
                        ] {
                            let booked = try await house.booked(answer)
                            #expect(booked.charges == 1 && booked.cost > 0)
                            #expect(abs(booked.outputTokens - answer.words) <= 4, "\(booked)")
                        }
                    }
                }
                try await house.budgetsAreExact()
            }
        }
    }

    @Test(
        "lengths that lie spoil neither another answer nor the books",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1"))
    func lyingLength() async throws {
        try await GatewayHouse.with("{}", "{}", gateway: Self.failover, timeouts: Self.quick) {
            house in
            try await house.withService { _, caller in
                for (off, stream) in [(50, false), (-20, false), (50, true), (-20, true)] {
                    let shape = #"{"length_off":\#(off)}"#
                    try await house.upstreams[0].script(
                        #"{"faults":[{"path":"/v1/chat","shape":\#(shape)}]}"#)
                    let answer = try? await caller.chat("length \(off) \(stream)", stream: stream)
                    if let answer, answer.status == 200 {
                        #expect(try await house.booked(answer).charges == 1)
                    }
                    if off > 0, !stream {
                        // Nothing of it was passed on, so somebody else answers.
                        #expect(answer?.status == 200, "\(answer?.text ?? "cut")")
                        #expect(try answer?.json.choices[0].finish_reason.string == "stop")
                    }
                    let next = try await caller.chat("next \(off) \(stream)")
                    #expect(next.status == 200, "\(next.text)")
                    #expect(try next.json.choices[0].finish_reason.string == "stop")
                    #expect(try await house.booked(next).outputTokens == next.words)
                }
                try await house.budgetsAreExact()
            }
        }
    }

    @Test(
        "a line of 10 MB passes; one that is longer than any should be is one error",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1"))
    func longLines() async throws {
        try await GatewayHouse.with("{}") { house in
            try await house.withService { _, caller in
                try await house.upstreams[0].script(Self.fault(#"{"line_bytes":10485760}"#))
                let long = try await caller.chat("long", stream: true)
                #expect(long.status == 200 && long.text.hasSuffix("\n\n"))
                #expect(long.body.count > 10 << 20 && long.errorEvents == 0)
                #expect(long.events.contains("[DONE]"))
                #expect(try await house.booked(long).charges == 1)
                try await house.upstreams[0].script(Self.fault(#"{"line_bytes":20971520}"#))
                let longer = try await caller.chat("longer", stream: true)
                #expect(longer.body.count < 16 << 20 && longer.errorEvents == 1)
                #expect(try await house.booked(longer).charges == 1)
                #expect(try await caller.client.get("/healthz").status == 200)
                try await house.budgetsAreExact()
            }
        }
    }

    @Test(
        "chunks that are not JSON, single bytes, CRLF and a wrong type pass, and usage is read",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1"))
    func badStreams() async throws {
        try await GatewayHouse.with("{}") { house in
            try await house.withService { _, caller in
                let plain = try await caller.chat("bad", stream: true).words
                for shape in [
                    #"{"malformed":true}"#, #"{"piece_bytes":1}"#, #"{"crlf":true}"#,
                    #"{"mislabelled":true}"#, #"{"piece_bytes":7,"piece_us":200,"crlf":true}"#,
                ] {
                    try await house.upstreams[0].script(Self.fault(shape))
                    let chat = try await caller.chat("bad", stream: true)
                    #expect(chat.status == 200 && chat.words == plain, "\(shape): \(chat.text)")
                    #expect(chat.text.contains("{\"id\":\n") == shape.contains("malformed"))
                    #expect(chat.text.contains("[DONE]"), "\(shape)")
                    #expect(!chat.text.contains("\"usage\":{"), "nobody asked for it")
                    let booked = try await house.booked(chat)
                    #expect(booked.charges == 1 && booked.outputTokens == plain, "\(shape)")
                    let message = try await caller.message("bad", stream: true)
                    let messageBooked = try await house.booked(message)
                    #expect(messageBooked.charges == 1, "\(shape)")
                    #expect(messageBooked.outputTokens == message.words, "\(shape)")
                }
                try await house.budgetsAreExact()
            }
        }
    }

    @Test(
        "a caller who leaves in the middle is charged once for what came, and its hold is settled",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1"))
    func leaving() async throws {
        let script = #"{"output_tokens":400,"token_us":20000}"#
        try await GatewayHouse.with(script) { house in
            try await house.withService { service, caller in
                let key = caller.client.key ?? ""
                let body = GatewayCaller.chat(Self.talkative, stream: true)
                let seen = try await RawConnection.with(port: service.port) { connection in
                    connection.send(
                        "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n"
                            + "content-type: application/json\r\nauthorization: Bearer \(key)\r\n"
                            + "x-tally-app: leaver\r\ncontent-length: \(body.utf8.count)\r\n\r\n"
                            + body)
                    return connection.read(until: "word")
                }
                #expect(seen.contains("word"), "\(seen)")
                let booked = try await house.booked(where: "app = 'leaver'")
                #expect(booked.charges == 1 && booked.cost > 0 && booked.outputTokens > 0)
                #expect(booked.outputTokens < 400, "the provider's answer was ended, too")
                try await house.budgetsAreExact()
            }
        }
    }
}
