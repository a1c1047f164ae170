import JSON
import LedgerModel
import Testing
import UsageExtraction

func tree(_ json: String) throws -> JSONTree { try JSONTree(parsing: json.utf8) }

func builtIn(_ provider: String, _ flavor: String) throws -> UsageExtractor {
    try #require(ExtractorCatalog.builtIn.extractor(of: provider, flavor: flavor))
}

/// The sentence with which an extractor refuses an answer; nil if it does not.
func refusal(_ extractor: UsageExtractor, _ json: String) throws -> String? {
    let answer = try tree(json)
    do throws(ExtractionRefusal) {
        _ = try extractor.extract(from: answer)
        return nil
    } catch {
        return error.description
    }
}
