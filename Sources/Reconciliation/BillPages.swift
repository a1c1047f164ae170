import LedgerModel
import Pricing

/// The pages of a bill: whoever says that more follow needs a page that goes on where it ends.
///
/// A page does not say which one it is, so the days tell: of the same kind (costs, or usage of one
/// sort), beginning where the other ends.
struct BillPages {
    private struct Page {
        let document: String
        let line: Int
        /// nil for a page without results, which may be of any kind.
        let kind: String?
        /// From the start of its first bucket to the end of its last; nil without buckets.
        let days: Range<Timestamp>?
        let hasMore: Bool
    }

    private var pages: [Page] = []

    /// - Parameter days: what the buckets of the page cover.
    mutating func add(
        _ page: FileNode, days: Range<Timestamp>?, of document: BillDocument
    ) throws {
        let hasMore = try page.text(of: "has_more")?.lowercased() == "true"
        pages.append(
            Page(
                document: document.name, line: page["has_more"]?.line ?? page.line,
                kind: try Self.kind(of: page), days: days, hasMore: hasMore && !document.isFollowed)
        )
    }

    /// - Throws: `BillFault` for a page whose next one is missing.
    func requireWhole() throws {
        for (index, page) in pages.enumerated() where page.hasMore {
            let isFollowed = pages.enumerated().contains { other, next in
                other != index && follows(page, next)
            }
            if isFollowed { continue }
            let next =
                page.days.map { "the one that begins on \($0.upperBound.dayDescription)" }
                ?? "the next one"
            throw BillFault(
                document: page.document, line: page.line,
                reason: "the bill is not whole: this page says that more follow (has_more), and "
                    + "\(next) is not among the documents; give all pages")
        }
    }

    private func follows(_ page: Page, _ next: Page) -> Bool {
        guard let days = page.days, let later = next.days else { return false }
        let isAlike = page.kind == nil || next.kind == nil || page.kind == next.kind
        return isAlike && later.lowerBound == days.upperBound
    }

    /// What the page's results are: OpenAI's name for them, or else costs or usage.
    private static func kind(of page: FileNode) throws -> String? {
        for bucket in try page["data"]?.items("data") ?? [] {
            let results = try bucket["results"]?.items("results") ?? []
            guard let first = results.first else { continue }
            return try first.text(of: "object") ?? (first["amount"] == nil ? "usage" : "costs")
        }
        return nil
    }
}
