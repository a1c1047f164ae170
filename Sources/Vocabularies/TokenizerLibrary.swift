import Synchronization
package import Tokenizing

/// The tokenizers of this process: each is loaded at its first use and then shared.
package final class TokenizerLibrary: Sendable {
    package static let shared = TokenizerLibrary()

    private let folder: VocabularyFolder
    private let loaded = Mutex<[String: PackedVocabulary]>([:])

    /// - Parameter folder: the folder with the packed vocabularies; if nil, it is searched for.
    package init(folder: String? = nil) {
        self.folder = VocabularyFolder(path: folder)
    }

    /// The tokenizer of an encoding that is included with the program.
    package func tokenizer(for encoding: TokenEncoding) throws -> Tokenizer {
        // Loads under the lock, so that two first users wait for one load instead of loading twice.
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

extension TokenizerLibrary {
    /// A tokenizer from a `tokenizer.json` or a `.tiktoken` file, distinguished by how they begin.
    ///
    /// - Parameter pattern: how text is split, for a `.tiktoken` file whose number of tokens is not
    ///   a known one.
    package func tokenizer(file path: String, pattern: String? = nil) throws -> Tokenizer {
        let file = try MappedFile(path)
        let bytes = file.bytes.assumingMemoryBound(to: UInt8.self)
        let name = String(path.split(separator: "/").last ?? "tokenizer")
        do throws(TokenizerFault) {
            let first = bytes.first { ![0x20, 0x0A, 0x0D, 0x09].contains($0) }
            let tokenizer =
                first == UInt8(ascii: "{")
                ? try TokenizerFile.tokenizer(name: name, bytes)
                : try TiktokenFile.tokenizer(name: name, bytes, pattern: pattern)
            return withExtendedLifetime(file) { tokenizer }
        } catch {
            throw VocabularyFailure("\(path) can't be used: \(error.description)")
        }
    }
}

/// Why there is no tokenizer, as a sentence that says what to do.
package struct VocabularyFailure: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
