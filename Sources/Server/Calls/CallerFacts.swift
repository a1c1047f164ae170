import Access
import BatchRunner
import HTTPTypes
import Hummingbird
import LedgerModel

extension Call {
    /// The dimensions and labels that a caller gives in `x-tally-…` headers.
    ///
    /// - Throws: `Refusal` for one that an event could not have.
    func facts() throws -> BatchFacts {
        var facts = BatchFacts()
        var labels: [(key: Name, value: Name)] = []
        for field in request.headers {
            let name = field.name.canonicalName
            guard name.hasPrefix("x-tally-") else { continue }
            let word = name.dropFirst("x-tally-".count)
            if let dimension = Self.given.first(where: {
                $0.name.replacing("_", with: "-") == word
            }) {
                guard let value = Kind<Name>.name.read(.text(field.value)) else {
                    throw Refusal.invalid("\(name) must have 1 to 512 bytes", param: name)
                }
                facts.dimensions[dimension] = value
            } else if word.hasPrefix("label-") {
                labels.append((Name(String(word.dropFirst(6))), Name(field.value)))
            }
        }
        guard !labels.isEmpty else { return facts }
        do { facts.labels = try Labels(labels) } catch {
            throw Refusal.invalid("the x-tally-label-… headers can't be labels: \(error)")
        }
        return facts
    }

    /// Those that the caller knows; the rest follow from the call.
    private static let given: [Dimension] = [
        .app, .team, .project, .environment, .feature, .user, .session, .agent, .parentAgent,
        .attempt,
    ]

    /// Whose batches the caller's are.
    var batchOwner: BatchOwner {
        BatchOwner(
            ledger: caller.ledger, key: caller.key,
            isAdministrator: caller.key != nil && caller.scopes.contains(.admin))
    }
}
