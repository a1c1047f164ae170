import Estimates
import LedgerModel
import Prompts
import Tokenizing

/// The body of a call about tokens: a model or an encoding, and a text, a chat or ids.
struct TokenQuestion: Sendable {
    let selection: TokenSelection
    let body: BodyTree

    init(_ body: BodyTree) throws {
        guard case .object = body else {
            throw Failure.invalid("an object with model and text, chat or ids is expected")
        }
        self.body = body
        selection = TokenSelection(
            model: try Self.text(body, "model"), encoding: try Self.text(body, "encoding"))
    }

    func text(of key: String) throws -> String? { try Self.text(body, key) }

    private static func text(_ body: BodyTree, _ key: String) throws -> String? {
        guard let value = body[key] else { return nil }
        guard let text = value.string else {
            throw Failure.invalid("\(key) must be a text, not \(value.noun)", param: key)
        }
        return text
    }

    /// The text of a call that takes no chat.
    func text() throws -> String {
        guard let text = try Self.text(body, "text") else {
            throw Failure.invalid("text is missing", param: "text")
        }
        return text
    }

    /// The chat under `chat`, or the body itself where it has the shape of one; nil for a text.
    func chat() throws -> ChatRequest? {
        if let chat = body["chat"] { return try ChatRequest(chat) }
        return isAboutText || body["ids"] != nil ? nil : try ChatRequest(body)
    }

    /// Whether the body asks about a text; in a body of the responses API `text` is an object.
    var isAboutText: Bool {
        body["text"] != nil && ["messages", "input", "contents"].allSatisfy { body[$0] == nil }
    }

    func ids() throws -> [TokenID] {
        guard let items = body["ids"]?.items else {
            throw Failure.invalid("ids must be a list of numbers", param: "ids")
        }
        return try items.map { item in
            guard let number = item.integer, let id = TokenID(exactly: number) else {
                throw Failure.invalid("ids must be whole numbers from 0 on", param: "ids")
            }
            return id
        }
    }

    func number(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = body[key] else { return nil }
        guard let number = value.integer, range.contains(number) else {
            throw Failure.invalid(
                "\(key) must be a whole number from \(range.lowerBound) to \(range.upperBound)",
                param: key)
        }
        return number
    }

    func flag(_ key: String) throws -> Bool {
        switch body[key] {
        case nil: false
        case .boolean(let flag)?: flag
        default: throw Failure.invalid("\(key) must be true or false", param: key)
        }
    }

    /// Members `order`, `pinned`, `priorities`, `keep_last`, `cut`.
    func policy() throws -> ContextPolicy {
        var policy = ContextPolicy()
        if let name = try Self.text(body, "order") {
            guard let order = ContextPolicy.Order(rawValue: name) else {
                throw Failure.invalid("order is oldest or priority", param: "order")
            }
            policy.order = order
        }
        if let pinned = body["pinned"] {
            policy.pinned = Set(try Self.numbers(pinned.items, "pinned"))
        }
        for member in body["priorities"]?.members ?? [] {
            guard let number = Int(member.key), let priority = member.value.integer else {
                throw Failure.invalid(
                    "priorities is an object of numbers of messages and their priority, such as "
                        + #"{"3": 2}"#, param: "priorities")
            }
            policy.priorities[number] = priority
        }
        policy.keepLast = try number("keep_last", in: 0...ChatRequest.messagesMax) ?? 1
        policy.cutsTexts = try flag("cut")
        return policy
    }

    private static func numbers(_ items: [BodyTree]?, _ key: String) throws -> [Int] {
        let numbers = items?.compactMap(\.integer)
        guard let numbers, numbers.count == items?.count else {
            throw Failure.invalid("\(key) must be a list of numbers of messages", param: key)
        }
        return numbers
    }

    /// Member `record`: whose prompt it is, by the names of dimensions; nil if it is not recorded.
    func recorded() throws -> Dimensions? {
        guard let record = body["record"] else { return nil }
        guard let members = record.members else {
            throw Failure.invalid(
                "record is an object, such as {\"app\": \"search\"}", param: "record")
        }
        var dimensions = Dimensions()
        for member in members {
            let (key, value) = (member.key, member.value)
            guard let dimension = Dimension(name: key), dimension != .model else {
                throw Failure.invalid("record has no member \(key.prefix(40))", param: "record")
            }
            guard let text = value.string, (1...Dimensions.valueBytesMax).contains(text.utf8.count)
            else {
                throw Failure.invalid(
                    "\(key) is a text of 1 to \(Dimensions.valueBytesMax) bytes", param: "record")
            }
            dimensions[dimension] = Name(text)
        }
        return dimensions
    }

    /// Members `stages`, `lossy`, `budget`, `query`, `quality_min`, `pinned`.
    func wish() throws -> OptimizationWish {
        var wish = OptimizationWish()
        if let stages = body["stages"] {
            guard let names = stages.items?.compactMap(\.string), names.count == stages.items?.count
            else { throw Failure.invalid("stages must be a list of names", param: "stages") }
            wish.stages = names
        }
        wish.allowsLossy = try flag("lossy")
        wish.budget = try number("budget", in: 1...TokenRoutes.tokensMax)
        wish.query = try text(of: "query")
        if case .number(let text)? = body["quality_min"] {
            guard let quality = Double(text), (0...1).contains(quality) else {
                throw Failure.invalid("quality_min lies between 0 and 1", param: "quality_min")
            }
            wish.qualityMin = quality
        }
        if let pinned = body["pinned"] {
            wish.pinned = Set(try Self.numbers(pinned.items, "pinned"))
        }
        return wish
    }
}
