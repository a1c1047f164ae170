package import LedgerModel

/// What may be dropped from a conversation that is too long, and in which order.
package struct ContextPolicy: Sendable {
    package enum Order: String, Sendable {
        /// A sliding window: the oldest is dropped first.
        case oldestFirst = "oldest"
        /// The least important is dropped first; among equals, the oldest.
        case lowestPriorityFirst = "priority"
    }

    package var order = Order.oldestFirst
    /// Messages that stay, by their number in the body's list.
    package var pinned: Set<Int> = []
    /// The importance of messages, by their number; 0 for those that have none.
    package var priorities: [Int: Int] = [:]
    /// The number of messages at the end that always stay.
    package var keepLast = 1
    /// Whether texts may be cut when nothing more can be dropped.
    package var cutsTexts = false
    /// The most tokens of a summary of the dropped messages.
    package var summaryTokensMax = 512

    /// The fewest tokens to which a text is cut.
    package static let cutTokensMin = 16

    package init() {}

    /// The tokens kept for the answer when neither the caller nor the request gives a number.
    package static let reserveDefault = 4_096
}

/// Summarizes dropped messages as one text, or returns nil to drop them without a summary.
package typealias Summarising = (_ dropped: [ChatMessage]) -> String?

/// Why a conversation can't be made to fit; the text says what to do.
package enum ContextRefusal: Error, Hashable, Sendable {
    /// The messages that may not be dropped are too large on their own.
    case tooLarge(needed: Int, budget: Int, messages: Int)
    /// Nothing is left of the window for input.
    case noRoom(window: Int, reserve: Int)
    case answerTooLong(reserve: Int, most: Int)
    case unknownWindow(String)
    case noSuchMessage(Int, count: Int)
}

extension ContextRefusal: Fault {
    package var kind: FaultKind { .invalid }

    package var description: String {
        switch self {
        case .tooLarge(let needed, let budget, let messages):
            (messages == 1
                ? "the message that must stay takes"
                : "the \(messages) messages that must stay take")
                + " \(needed) tokens, but only \(budget) are "
                + "left: pin fewer, keep fewer of the last, allow texts to be cut, or reserve less "
                + "for the answer"
        case .noRoom(let window, let reserve):
            "a reserve of \(reserve) tokens leaves nothing of a window of \(window): reserve less"
        case .answerTooLong(let reserve, let most):
            "the model answers with at most \(most) tokens: reserve no more than that, not "
                + "\(reserve)"
        case .unknownWindow(let model):
            "the context window of \(model.prefix(100)) is not known: give the number of tokens it "
                + "takes"
        case .noSuchMessage(let number, let count):
            "there is no message \(number): the list has \(count) messages, numbered from 0"
        }
    }
}
