/// How far apart two names are: Levenshtein's distance over bytes.
package enum Likeness {
    /// Longer names are compared with nothing.
    private static let bytesMax = 128

    /// The first of the nearest names, if at most a quarter of its bytes differ, or another part.
    ///
    /// - Parameter part: 4 for a quarter; 3 for words of a few letters, where a typing error is a
    ///   larger part.
    package static func nearest(
        to name: String, among others: [String], part: Int = 4
    ) -> String? {
        let bytes = Array(name.lowercased().utf8)
        guard !bytes.isEmpty, bytes.count <= bytesMax else { return nil }
        var best: (distance: Int, name: String)?
        for other in others {
            let theirs = Array(other.lowercased().utf8)
            let longer = max(bytes.count, theirs.count)
            let limit = min(best?.distance ?? .max, longer / part + 1)
            guard abs(theirs.count - bytes.count) < limit else { continue }
            let distance = distance(bytes, theirs)
            if distance < limit { best = (distance, other) }
        }
        return best?.name
    }

    /// ` (did you mean spend?)`, or nothing if no name is near.
    package static func question(
        _ name: String, among others: [String], part: Int = 3
    ) -> String {
        nearest(to: name, among: others, part: part).map { " (did you mean \($0)?)" } ?? ""
    }

    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, left) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in b.enumerated() {
                let changed = diagonal + (left == right ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(changed, diagonal + 1, row[j] + 1)
            }
        }
        return row[b.count]
    }
}
