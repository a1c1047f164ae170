import Synchronization
package import Tokens

/// The tokenizers of this process: each is loaded at its first use and then shared.
package final class TokenizerLibrary: Sendable {
    package static let shared = TokenizerLibrary()

    private let folder: VocabularyFolder
    private let loaded = Mutex<[String: PackedVocabulary]>([:])

    /// - Parameter folder: where the packed vocabularies are; found by itself if nil.
    package init(folder: String? = nil) {
        self.folder = VocabularyFolder(path: folder)
    }

    /// The tokenizer of an encoding that comes with the program.
    package func tokenizer(for encoding: TokenEncoding) throws -> Tokenizer {
        // Loading under the lock: two first users wait for one load rather than load twice.
        try loaded.withLock { loaded in
            let name = encoding.vocabularyName
            if let vocabulary = loaded[name] { return vocabulary.tokenizer(for: encoding) }
            let path = try folder.file(name + ".vocabulary")
            let file = try MappedFile(path)
            let vocabulary: PackedVocabulary
            do throws(TokenizerFault) {
                vocabulary = try PackedVocabulary(file.bytes, owner: file)
            } catch {
                throw VocabularyFailure("\(path) can't be used: \(error.description)")
            }
            loaded[name] = vocabulary
            return vocabulary.tokenizer(for: encoding)
        }
    }
}

/// Why there is no tokenizer, as a sentence that says what to do.
package struct VocabularyFailure: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
