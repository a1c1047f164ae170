package import Caching
package import LedgerModel
package import Routing

/// What is done with some requests: the first rule that covers one decides everything about it.
package struct CacheRule: Sendable, Equatable {
    package let name: String
    package var filter = Filter()
    package var isOn = true
    package var scope = Scope.team
    /// Nil for the standard time of the API.
    package var seconds: Int?
    /// How long an answer is still given after its time while somebody fetches a new one.
    package var staleSeconds = 0
    /// Also requests that may be answered differently each time.
    package var acceptsRandom = false
    /// Also requests whose answer more than they themselves decides.
    package var acceptsDependent = false
    /// Given to every answer that is stored, for invalidation.
    package var tags: [Name] = []
    package var near = NearSetting.off

    package enum Scope: String, CaseIterable, Sendable { case team, ledger }

    package static let nameBytesMax = 64
    package static let tagsMax = 16
    package static let staleSecondsMax = 30 * 86_400

    package init(name: String) { self.name = name }

    /// Which requests a rule covers; what is not given may be anything.
    package struct Filter: Sendable, Equatable {
        package var dialect: RequestDialect?
        /// A name that the caller gives to what it does.
        package var route: Name?
        package var requests = RequestSelector()

        package init() {}

        func covers(_ question: CacheQuestion, model asked: String) -> Bool {
            (dialect ?? question.dialect) == question.dialect
                && (route == nil || route == question.route)
                && requests.covers(
                    { $0 == .model ? Name(asked) : question.dimensions[$0] }, label: { _ in nil })
        }
    }

    /// What it says about reading and storing, in the words of callers.
    var directives: CacheDirectives {
        var directives = CacheDirectives()
        (directives.skipsReading, directives.skipsStoring) = (!isOn, !isOn)
        directives.acceptsRandom = acceptsRandom
        directives.acceptsDependent = acceptsDependent
        directives.secondsToLive = seconds
        return directives
    }

    /// Who shares the answers to a question.
    func partition(of question: CacheQuestion) -> CachePartition {
        let team = CachePartition.Scope.team(question.dimensions[.team])
        return CachePartition(ledger: question.ledger, scope: scope == .ledger ? .ledger : team)
    }
}

/// All rules, in their order.
package struct CacheRules: Sendable, Equatable {
    package let rules: [CacheRule]

    package static let rulesMax = 200
    /// What covers every request that no rule does: deterministic ones, for their team.
    package static let otherwise = CacheRule(name: "standard")

    package init(_ rules: [CacheRule] = []) { self.rules = rules }

    func rule(for question: CacheQuestion, model: String) -> CacheRule {
        rules.first { $0.filter.covers(question, model: model) } ?? Self.otherwise
    }

    /// Whether any rule asks for answers to similar questions.
    package var usesLikeness: Bool { rules.contains { $0.isOn && $0.near != .off } }
}
