/// How far apart two names are: the changed, missing and swapped bytes between them (optimal string
/// alignment).
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

    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        var (before, next) = (row, row)
        for i in a.indices {
            next[0] = i + 1
            for j in b.indices {
                var least = row[j] + (a[i] == b[j] ? 0 : 1)
                least = min(least, row[j + 1] + 1, next[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    least = min(least, before[j - 1] + 1)
                }
                next[j + 1] = least
            }
            swap(&before, &row)
            swap(&row, &next)
        }
        return row[b.count]
    }

    /// ` (did you mean spend?)`, or nothing if no name is near.
    package static func question(
        _ name: String, among others: [String], part: Int = 3
    ) -> String {
        nearest(to: name, among: others, part: part).map { " (did you mean \($0)?)" } ?? ""
    }
}
