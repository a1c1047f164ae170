import Foundation

/// The place of the packed vocabularies: beside the program, where the build puts them and an
/// installation copies them.
struct VocabularyFolder: Sendable {
    /// Nil to look beside the program.
    let path: String?

    /// The environment variable that overrides the search.
    static let variable = "TALLY_VOCABULARIES"
    /// The name that the build gives to this target's resource folder.
    private static let bundle = "tallystick_Vocabularies.resources/Packed"

    func file(_ name: String) throws -> String {
        let folders = candidates
        for folder in folders {
            let file = folder + "/" + name
            if FileManager.default.isReadableFile(atPath: file) { return file }
        }
        throw VocabularyFailure(
            "the vocabulary \(name) is not in \(folders.joined(separator: " or in ")); copy the "
                + "folder tallystick_Vocabularies.resources from the build next to the program, or "
                + "name the folder with the vocabularies in \(Self.variable)")
    }

    private var candidates: [String] {
        if let path { return [path] }
        if let set = ProcessInfo.processInfo.environment[Self.variable], !set.isEmpty {
            return [set]
        }
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let folder = program.deletingLastPathComponent()
        return [
            folder.appending(path: Self.bundle).path(percentEncoded: false),
            folder.deletingLastPathComponent().appending(path: "share/tally/vocabularies")
                .path(percentEncoded: false),
        ]
    }
}
