import FoundationEssentials

/// What a run or a scan saves as JSON, for a process that resumes it.
package protocol StoredAsJSON: Codable {}

extension StoredAsJSON {
    /// Equal values have equal texts.
    package var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            preconditionFailure("texts and whole numbers can always be written as JSON")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Returns nil for a text that another version of the program wrote: the user has to ask again.
    package init?(text: String) {
        guard let value = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
            return nil
        }
        self = value
    }
}
