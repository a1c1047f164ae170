/// A counter of the tokens of a text: an exact tokenizer, or an estimate of one.
///
/// Everything that needs only the number (optimization, context windows, prediction) takes one of
/// these, so that it works with every tokenizer and knows how exact it is.
package struct TokenCounter: Sendable {
    /// How a count relates to the provider's bill.
    package enum Exactness: Hashable, Sendable {
        /// The provider's own tokenizer: the count is the one it would bill.
        case exact
        /// No local tokenizer exists; the billed count lies within `band`, a fraction of this one.
        case estimated(band: Double)
    }

    /// The encoding's name, such as `o200k_base`.
    package let name: String
    package let exactness: Exactness
    private let counting: @Sendable (String) -> Int

    package init(
        name: String, exactness: Exactness, counting: @escaping @Sendable (String) -> Int
    ) {
        self.name = name
        self.exactness = exactness
        self.counting = counting
    }

    /// The tokens of a text, special tokens read as ordinary text.
    package func count(_ text: String) -> Int { counting(text) }
}
