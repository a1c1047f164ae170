import JSON

/// What a run or a scan saves as JSON, for a process that resumes it.
package protocol StoredAsJSON: Codable {}

extension StoredAsJSON {
    /// Equal values have equal texts.
    package var text: String {
        guard let tree = try? JSONTree(encoding: self) else {
            preconditionFailure("texts and whole numbers can always be written as JSON")
        }
        return tree.json
    }

    /// Returns nil for a text that another version of the program wrote: the user has to ask again.
    package init?(text: String) {
        guard let value = try? JSONTree(parsing: text.utf8).decoded(as: Self.self) else {
            return nil
        }
        self = value
    }
}
