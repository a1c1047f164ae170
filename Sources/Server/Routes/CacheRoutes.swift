import Access
import Booking
import CacheServing
import CacheTiers
import Caching
import HTTPTypes
import Hummingbird
import JSON
import LedgerModel
import Rendering

/// `/api/v1/cache`: answers of models looked up, stored and forgotten, for callers that are their
/// own gateway.
enum CacheRoutes {
    private static let path = "/api/v1/cache"
    private static let callers = Need.key([.gateway, .ingest])
    private static let caretakers = Need.key([.gateway, .admin])

    static let routes: [Route] = [
        Route(
            .post, path + "/key", "Tell the key of a request, and what the rules say about it",
            needs: callers, answers: [.json(AskedQuestion.self)]
        ) { (call, input: KeyInput) in
            let asked = try call.parts.cache.ask(input.question.asked(by: call))
            return answer(asked, asked.key)
        },
        Route(
            .post, path + "/lookup", "Look an answer up; a hit is booked before it is given",
            needs: callers, answers: [.json(CacheLookup.self)]
        ) { (call, input: LookupInput) in
            let found = try await call.whileClientWaits {
                try await call.parts.cache.lookup(
                    input.question.asked(by: call), turn: input.turn, waiting: input.waiting,
                    at: call.now)
            }
            return answer(found, found.key)
        },
        Route(
            .post, path + "/answers", "Store an answer, unless it must not be kept",
            needs: callers, answers: [.json(CacheStoring.self)]
        ) { (call, input: StoreInput) in
            let stored = try await call.parts.cache.store(
                input.received, to: input.question.asked(by: call), at: call.now)
            return answer(stored, stored.key)
        },
        Route(
            .post, path + "/invalidate", "Forget answers by what is known of them",
            needs: caretakers, answers: [.json(CacheForgotten.self)]
        ) { (call, input: InvalidateInput) in
            let forgotten = try await call.parts.cache.forget(
                input.selection.wish(by: call.caller.name, because: input.reason),
                in: call.caller.ledger, at: call.now)
            return answer(forgotten, nil)
        },
        Route(
            .post, path + "/verdicts", "Say whether a stored answer answers a similar question",
            needs: caretakers, answers: [.json(Done.self)]
        ) { (call, input: VerdictInput) in
            try await call.parts.cache.judge(
                PairVerdict(
                    ledger: call.caller.ledger, asked: input.asked, stored: input.stored,
                    isSame: input.isSame, by: input.source),
                at: call.now)
            return answer(Done("verdict", input.isSame ? "same" : "different"), nil)
        },
        Route(
            .delete, path + "/{key}", "Forget an answer, and say who got it", needs: caretakers,
            answers: [.json(CacheForgotten.self)]
        ) { (call, input: DeleteInput) in
            let forgotten = try await call.parts.cache.forget(
                input.key, because: input.reason, by: call.caller.name, in: call.caller.ledger,
                at: call.now)
            return answer(forgotten, input.key)
        },
        Route(
            .get, path + "/entries/{key}", "Show what is stored under a key, without its text",
            needs: .key([.gateway, .read, .admin]), answers: [.json(CacheEntry.self)]
        ) { (call, input: KeyName) in
            let entry = try await call.parts.cache.entry(
                input.key, in: call.caller.ledger, at: call.now)
            return answer(entry, input.key)
        },
    ]

    /// What is answered to one caller is of no use to another, whatever stands between.
    private static func answer(_ value: some Renderable, _ key: CacheKey?) -> Response {
        var response = Response.json(value)
        response.headers[.vary] = "Authorization"
        if let key { response.headers[.tallyCacheKey] = key.digest.description }
        return response
    }

    // MARK: Inputs

    /// A request may have 16 MiB; around it stand names.
    private static let bodyBytesMax = CanonicalRequest.bytesMax + 1 << 20
    /// Of a request and its answer.
    private static let answerBytesMax = 64 << 20

    private struct KeyInput: Input {
        static let body = BodyForm.object(bytesMax: bodyBytesMax)
        let question: GivenQuestion

        init(_ given: Given) throws { question = try GivenQuestion(given) }
    }

    private struct LookupInput: Input {
        static let body = BodyForm.object(bytesMax: bodyBytesMax)
        let question: GivenQuestion
        let turn: Duration?
        let waiting: Duration

        init(_ given: Given) throws {
            question = try GivenQuestion(given)
            let fills =
                try given.member(
                    "fill", .flag,
                    "Whether you will fetch a missing answer; default true: then one of all "
                        + "callers gets the turn.") ?? true
            let seconds = try given.member(
                "turn_seconds", .integer(in: 1...ServedCache.turnSecondsMax),
                "How long that may take; default \(ServedCache.turnSeconds).")
            turn = fills ? .seconds(seconds ?? ServedCache.turnSeconds) : nil
            let wait = try given.member(
                "wait_ms", .integer(in: 0...ServedCache.waitMillisecondsMax),
                "How long to wait for an answer that somebody else fetches; default 0.")
            waiting = .milliseconds(wait ?? 0)
        }
    }

    private struct StoreInput: Input {
        static let body = BodyForm.object(bytesMax: answerBytesMax)
        let question: GivenQuestion
        let received: ReceivedAnswer

        init(_ given: Given) throws {
            question = try GivenQuestion(given)
            received = try given.receivedAnswer()
        }
    }

    private struct InvalidateInput: Input {
        static let body = BodyForm.object(bytesMax: 1 << 16)
        let selection: GivenSelection
        let reason: String?

        init(_ given: Given) throws {
            selection = try GivenSelection(given)
            reason = try given.member("reason", .text, "Why, for the event.")
        }
    }

    private struct VerdictInput: Input {
        static let body = BodyForm.object(bytesMax: 1 << 16)
        let asked: CacheKey
        let stored: CacheKey
        let isSame: Bool
        let source: PairVerdict.Source

        init(_ given: Given) throws {
            asked = try given.member(required: "asked", .cacheKey, "The key of the question asked.")
            stored = try given.member(
                required: "stored", .cacheKey, "The key of the answer: `near_hash` of a miss.")
            isSame = try given.member(
                required: "same", .flag,
                "Whether that answer answers the question. It outweighs any agreement, until the next."
            )
            source = try given.member(
                required: "by",
                .choice(
                    "who may judge", PairVerdict.Source.allCases.map(\.rawValue), .person
                ) { PairVerdict.Source(rawValue: $0) }, "Who says so.")
        }
    }

    private struct KeyName: Input {
        let key: CacheKey

        init(_ given: Given) throws { key = try given.path("key", .cacheKey, "The key.") }
    }

    private struct DeleteInput: Input {
        let key: CacheKey
        let reason: String?

        init(_ given: Given) throws {
            key = try given.path("key", .cacheKey, "The key.")
            reason = try given.query("reason", .text, "Why, for the event.")
        }
    }
}

extension HTTPField.Name {
    fileprivate static let tallyCacheKey = HTTPField.Name("x-tally-cache-key") ?? .eTag
}
