internal import BuiltIn

/// Extractors by provider and flavor.
package struct ExtractorCatalog: Sendable {
    private let byProvider: [String: [UsageExtractor]]

    package init(_ byProvider: [String: [UsageExtractor]]) {
        self.byProvider = byProvider
    }

    /// The extractors that are built into `tally`; see `extractors.txt`.
    package static let builtIn = ExtractorCatalog(parsing: String(cString: built_in_extractors()))

    package var providers: [String] { byProvider.keys.sorted() }

    /// A provider's flavors, the usual one first.
    package func flavors(of provider: String) -> [String] {
        (byProvider[provider] ?? []).map(\.flavor)
    }

    package func extractor(of provider: String, flavor: String) -> UsageExtractor? {
        byProvider[provider]?.first { $0.flavor == flavor }
    }

    /// These extractors, completed by those of another catalog where these are silent.
    ///
    /// A flavor that is missing here is taken from the other catalog. So is a place for a measure
    /// that no extractor of the provider reads here: it feeds every measure that it feeds there, if
    /// the counts have the same root. (A book of an older form does not know that reasoning tokens
    /// can be counted separately, nor that a provider leaves them out of its output.) A measure
    /// that some flavor reads and another does not is left as it is.
    package func completed(by other: ExtractorCatalog) -> ExtractorCatalog {
        var all = byProvider
        for (provider, others) in other.byProvider {
            guard let own = byProvider[provider] else {
                all[provider] = others
                continue
            }
            let known = Set(own.flatMap { $0.sources.map(\.measure) })
            let completed = own.map { extractor in
                extractor.completed(
                    by: others.first { $0.flavor == extractor.flavor }, except: known)
            }
            let flavors = Set(own.map(\.flavor))
            all[provider] = completed + others.filter { !flavors.contains($0.flavor) }
        }
        return ExtractorCatalog(all)
    }
}

extension UsageExtractor {
    fileprivate func completed(
        by other: UsageExtractor?, except known: Set<Measure>
    ) -> UsageExtractor {
        guard let other, other.root == root else { return self }
        let places = Set(other.sources.filter { !known.contains($0.measure) }.map(\.path))
        let additions = other.sources.filter { source in
            places.contains(source.path)
                && !sources.contains { $0.path == source.path && $0.measure == source.measure }
        }.map { Source($0.measure, $0.path) }
        return UsageExtractor(
            flavor: flavor, root: root, model: model, sources: sources + additions)
    }
}

// MARK: - The text of the built-in extractors

extension ExtractorCatalog {
    /// Reads the format that scripts/make-extractors.py writes: a line `provider flavor root model`
    /// for each extractor, under it a line `+ measure path` for each source, `!` if required.
    fileprivate init(parsing text: String) {
        var byProvider: [String: [UsageExtractor]] = [:]
        var head: [Substring] = []
        var sources: [UsageExtractor.Source] = []
        func finish() {
            guard head.count == 4 else { return }
            byProvider[String(head[0]), default: []].append(
                UsageExtractor(
                    flavor: String(head[1]), root: path(head[2]), model: path(head[3]),
                    sources: sources))
        }
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            switch words[0] {
            case "+", "!":
                guard words.count == 3, let measure = Measure(genaiName: words[1]) else {
                    preconditionFailure("no source: \(line)")
                }
                sources.append(
                    UsageExtractor.Source(measure, path(words[2]), isRequired: words[0] == "!"))
            default:
                precondition(words.count == 4, "no extractor: \(line)")
                finish()
                (head, sources) = (words, [])
            }
        }
        finish()
        self.init(byProvider)
    }
}

/// `promptTokensDetails/modality=AUDIO/tokenCount`.
private func path(_ text: Substring) -> AnswerPath {
    let steps = text.split(separator: "/").map { step -> AnswerPath.Step in
        let sides = step.split(separator: "=").map(String.init)
        return sides.count == 2
            ? .item(of: sides[0], .equals(sides[1].lowercased())) : .member(String(step))
    }
    guard let path = AnswerPath(steps) else { preconditionFailure("no path: \(text)") }
    return path
}
