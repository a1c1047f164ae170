/// The path to a value in a provider's answer.
package struct AnswerPath: Hashable, Sendable {
    package enum Step: Hashable, Sendable {
        /// Into the member of an object.
        case member(String)
        /// To the first item of an array whose member `of` is a text that matches.
        case item(of: String, MatchClause)
    }

    package let steps: [Step]

    /// Longer paths are refused by the readers of extractors.
    package static let stepsMax = 16

    /// Makes a path that ends in a member, since a count or a name is never itself an item.
    package init?(_ steps: [Step]) {
        guard case .member = steps.last, steps.count <= Self.stepsMax else { return nil }
        self.steps = steps
    }

    package init(_ key: String) {
        steps = [.member(key)]
    }
}

extension AnswerPath: CustomStringConvertible {
    /// `usage.promptTokensDetails[modality].tokenCount`, as messages name it.
    package var description: String { Self.description(of: steps[...]) }

    private static func description(of steps: ArraySlice<Step>) -> String {
        var text = ""
        for step in steps {
            switch step {
            case .member(let key): text += (text.isEmpty ? "" : ".") + key
            case .item(let field, _): text += "[\(field)]"
            }
        }
        return text
    }
}

extension AnswerPath {
    /// Why there is no value at the end of a path.
    enum Dead: Error {
        case missing(String)
        case wrongKind(String, expected: String, found: AnswerKind)
    }

    /// Follows the path; null on the way counts as missing.
    func follow<Document: AnswerDocument>(_ document: Document) throws(Dead) -> Document {
        var here = document
        for (index, step) in steps.enumerated() {
            let place = index == 0 ? "the body" : Self.description(of: steps[..<index])
            let next: Document?
            switch step {
            case .member(let key):
                guard here.answerKind == .object else {
                    throw .wrongKind(place, expected: "an object", found: here.answerKind)
                }
                next = here.member(key)
            case .item(let field, let clause):
                guard let items = here.items else {
                    throw .wrongKind(place, expected: "an array", found: here.answerKind)
                }
                next = items.first { item in
                    guard case .text(let text) = item.member(field)?.answerKind else {
                        return false
                    }
                    return clause.matches(LowercasedName(text))
                }
            }
            guard let next else { throw .missing(Self.description(of: steps[...index])) }
            here = next
        }
        return here
    }
}
