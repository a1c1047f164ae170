/// A reason why two texts that resemble each other don't ask the same.
package enum Difference: String, Sendable, CaseIterable {
    /// Another value or unit, written out or not.
    case numbers
    /// A capitalised word of one that the other does not have.
    case names
    /// Code, quotations, addresses, paths, identifiers or symbols.
    case literals
    case negation
    /// From and to, into, before and after, enable and disable, active and passive.
    case direction
    /// The same words in another order.
    case order
    /// Another language, or one whose negations and numbers the guards don't know.
    case language
    /// Who, when, why, how many; yes or no.
    case question
    case comparison
    /// All, some, only, any.
    case quantity
    /// Past, present, future, and words such as yesterday.
    case time
    /// I, you, he, she, they.
    case person
    /// One subject in the place of another.
    case subject
    /// More words than are compared.
    case length

    /// Whether texts with it surely ask something else.
    ///
    /// Their answers show how often different questions are answered alike.
    ///
    /// Texts in another order
    /// may yet ask the same.
    var isCertain: Bool {
        switch self {
        case .numbers, .names, .negation, .comparison, .quantity, .time: true
        default: false
        }
    }
}

/// How two texts without a `Difference` still differ.
package enum Rewording: UInt8, Sendable, CaseIterable {
    /// Only case, punctuation, courtesies, contractions, spelling and known synonyms.
    case form
    /// Only articles, auxiliaries and their like.
    case grammar
    /// Words that carry meaning were added, left out or moved to others.
    case content
}

/// What the guards make of two texts.
package struct Comparison: Sendable, Equatable {
    package let differences: [Difference]
    package let rewording: Rewording
    /// A number for the words that one has and the other has not: pairs with one number exchanged
    /// the same words.
    package let exchange: UInt64

    package var isAcceptable: Bool { differences.isEmpty }

    init(_ differences: [Difference], _ rewording: Rewording, _ exchange: UInt64) {
        self.differences = differences
        self.rewording = rewording
        self.exchange = exchange
    }
}
