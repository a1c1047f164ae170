import JSON

/// A request of the workload that `tally bench savings` repeats with each part of the gateway.
package struct SavingsRequest: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// One of a few questions that many ask.
        case common
        /// Such a question in other words' clothes: case, blanks, punctuation.
        case variant
        /// A question of a conversation, behind a manual that comes with each of its questions.
        case turn
        /// A question about a table of indented JSON.
        case data
        case embedding
        /// Can wait for its answer until the morning.
        case night
        /// For a model that two providers have, at different prices.
        case priced
    }

    package let kind: Kind
    package let path: String
    package let body: [UInt8]
    /// Of the conversation; nil for a request alone.
    package let session: String?
}

/// The workload: requests in waves, each sent when the one before was answered, all of a wave at
/// once.
///
/// Made up from real prompts with a seed, the same for every part: a third are common questions by
/// Zipf's law, of which some come twice in a wave, a quarter are questions of conversations, each
/// with its manual before it, as agents send them; the rest is one of the other kinds.
package struct SavingsWorkload: Sendable {
    package private(set) var waves: [[SavingsRequest]] = []
    package private(set) var count = 0

    /// Requests at once.
    package static let waveSize = 8
    private static let commonCount = 40
    private static let conversations = 12
    private static let turnsMax = 6
    /// As long as a short manual: above what providers begin to cache.
    private static let manualBytes = 6_000

    private var random: SplitMix
    private var prompts: [String]
    private var sessions: [(name: String, turns: Int)] = []
    private var made = 0

    /// - Parameter prompts: real ones; those of more than 2,000 bytes are left out.
    package init(requests: Int, seed: UInt64, prompts: [String]) {
        random = SplitMix(state: seed)
        let short = prompts.filter { (8...2_000).contains($0.utf8.count) }
        self.prompts = short.isEmpty ? ["What is the time?"] : short
        while count < requests { addWave() }
    }

    private mutating func addWave() {
        var wave: [SavingsRequest] = []
        var busy: Set<String> = []
        while wave.count < Self.waveSize {
            switch random.unit() {
            case ..<0.33:
                let asked = common()
                wave.append(asked)
                if random.unit() < 0.4 { wave.append(asked) }
            case ..<0.4: wave.append(chat(.variant, disguised(prompt(zipf()))))
            case ..<0.65: if let turn = turn(&busy) { wave.append(turn) }
            case ..<0.73: wave.append(data())
            case ..<0.8: for _ in 0..<4 { wave.append(embedding()) }
            case ..<0.88: wave.append(chat(.night, unique("Summarise for tomorrow")))
            default: wave.append(chat(.priced, unique("Answer shortly"), model: "llama"))
            }
        }
        count += wave.count
        waves.append(wave)
    }

    // MARK: Kinds

    private func prompt(_ number: Int) -> String { prompts[number % prompts.count] }

    private mutating func zipf() -> Int {
        let most = Double(Self.commonCount)
        // The inverse of the distribution with density 1/x.
        return Int(Self.power(most, random.unit())) - 1
    }

    /// base to the power of a part of one, by squaring halves: enough digits for a place.
    private static func power(_ base: Double, _ part: Double) -> Double {
        var (result, root, rest) = (1.0, base, part)
        for _ in 0..<24 {
            root = root.squareRoot()
            rest *= 2
            if rest >= 1 {
                result *= root
                rest -= 1
            }
        }
        return result
    }

    private mutating func common() -> SavingsRequest { chat(.common, prompt(zipf())) }

    private mutating func unique(_ what: String) -> String {
        made += 1
        return "\(what) (\(made)): \(prompt(Int(random.next() % UInt64(prompts.count))))"
    }

    private mutating func disguised(_ text: String) -> String {
        switch random.next() % 4 {
        case 0: text.lowercased()
        case 1: "  " + text + "  "
        case 2: text.replacing(" ", with: "  ")
        default: text.hasSuffix("?") || text.hasSuffix(".") ? text + " !" : text + "?"
        }
    }

    private mutating func turn(_ busy: inout Set<String>) -> SavingsRequest? {
        if sessions.count < Self.conversations {
            made += 1
            sessions.append((name: "session-\(made)", turns: 0))
        }
        let place = Int(random.next() % UInt64(sessions.count))
        guard busy.insert(sessions[place].name).inserted else { return nil }
        let session = sessions[place]
        sessions[place].turns += 1
        if sessions[place].turns == Self.turnsMax { sessions.remove(at: place) }
        let asked = prompt(Int(random.next() % UInt64(prompts.count)))
        let messages = [("system", manual(of: session.name)), ("user", asked)]
        return request(.turn, messages, session: session.name)
    }

    /// Each conversation's own, so that only it finds its beginning cached.
    private func manual(of session: String) -> String {
        var text = "You answer for \(session). Keep to this manual.\n"
        var number = 0
        while text.utf8.count < Self.manualBytes {
            text += "\(number + 1). \(prompt(number))\n"
            number += 1
        }
        return text
    }

    private mutating func data() -> SavingsRequest {
        var table = "[\n"
        let rows = 12 + Int(random.next() % 12)
        for row in 0..<rows {
            let amount = random.next() % 10_000
            table += """
                    {
                        "row": \(row),
                        "customer": "customer \(random.next() % 1_000)",
                        "amount": \(amount),
                        "isPaid": \(amount % 3 == 0)
                    }\(row + 1 < rows ? "," : "")

                """
        }
        return chat(.data, "Which of these customers owe most?\n\n\(table)]\n")
    }

    private mutating func embedding() -> SavingsRequest {
        var json = JSONWriter()
        json.object { json in
            json.field("model", "text-embedding-3-small")
            json.field("input", unique("passage"))
        }
        return SavingsRequest(
            kind: .embedding, path: "/v1/embeddings", body: json.bytes, session: nil)
    }

    private func chat(
        _ kind: SavingsRequest.Kind, _ text: String, model: String = "gpt-4o-mini"
    ) -> SavingsRequest {
        request(kind, [("user", text)], model: model)
    }

    private func request(
        _ kind: SavingsRequest.Kind, _ messages: [(String, String)],
        model: String = "gpt-4o-mini", session: String? = nil
    ) -> SavingsRequest {
        var json = JSONWriter()
        json.object { json in
            json.field("model", model)
            json.field("temperature", 0)
            json.field("max_tokens", 256)
            json.key("messages")
            json.array(of: messages) { json, message in
                json.object { json in
                    json.field("role", message.0)
                    json.field("content", message.1)
                }
            }
        }
        return SavingsRequest(
            kind: kind, path: "/v1/chat/completions", body: json.bytes, session: session)
    }
}
