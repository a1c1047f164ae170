import LedgerModel
import UsageExtraction

extension PriceBook {
    /// The known name that is most like one that is not known, to offer it; nil if none is close.
    func nearest(to model: String, of sellers: [Provider]) -> Name? {
        let ids = sellers.flatMap { seller in
            seller.models
                + seller.fallbacks.flatMap { id in
                    providers.first { $0.id == id }?.models ?? []
                }
        }.map(\.id)
        return Likeness.nearest(to: model, among: ids).map { Name($0) }
    }

    /// The provider that is most like one that is not known; nil if none is close.
    func nearest(toProvider name: String) -> Name? {
        Likeness.nearest(to: name, among: providers.map(\.id)).map { Name($0) }
    }
}

/// How far apart two names are: Levenshtein's distance over bytes.
enum Likeness {
    /// Longer names are compared with nothing.
    private static let bytesMax = 128

    /// The first of the nearest names, if at most a quarter of its bytes differ.
    static func nearest(to name: String, among others: [String]) -> String? {
        let bytes = Array(name.lowercased().utf8)
        guard !bytes.isEmpty, bytes.count <= bytesMax else { return nil }
        var best: (distance: Int, name: String)?
        for other in others {
            let theirs = Array(other.lowercased().utf8)
            let longer = max(bytes.count, theirs.count)
            let limit = min(best?.distance ?? .max, longer / 4 + 1)
            guard abs(theirs.count - bytes.count) < limit else { continue }
            let distance = distance(bytes, theirs)
            if distance < limit { best = (distance, other) }
        }
        return best?.name
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
