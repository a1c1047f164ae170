/// What was found about one aspect of a deployment, and what to do about it.
package struct HealthCheck: RenderableObject, Equatable, Sendable {
    package enum Verdict: String, Comparable, Sendable {
        case ok, warning, fault

        private var rank: Int {
            switch self {
            case .ok: 0
            case .warning: 1
            case .fault: 2
            }
        }

        package static func < (a: Verdict, b: Verdict) -> Bool { a.rank < b.rank }
    }

    package let name: String
    package let verdict: Verdict
    package let finding: String
    /// nil if there is nothing to mend.
    package let remedy: String?

    private init(_ name: String, _ verdict: Verdict, _ finding: String, _ remedy: String?) {
        self.name = name
        self.verdict = verdict
        self.finding = finding
        self.remedy = remedy
    }

    package static func ok(_ name: String, _ finding: String) -> HealthCheck {
        HealthCheck(name, .ok, finding, nil)
    }

    package static func warning(_ name: String, _ finding: String, _ remedy: String) -> HealthCheck
    {
        HealthCheck(name, .warning, finding, remedy)
    }

    package static func fault(_ name: String, _ finding: String, _ remedy: String) -> HealthCheck {
        HealthCheck(name, .fault, finding, remedy)
    }

    package static let shape = Shape<HealthCheck> {
        Member("check", \.name)
        Member("verdict", \.verdict.rawValue)
        Member("finding", \.finding)
        Member("remedy", \.remedy)
    }

    fileprivate var line: String {
        let words = [verdict.rawValue, name].map {
            $0 + String(repeating: " ", count: max(1, 16 - $0.count))
        }
        return words.joined() + finding + (remedy.map { ": " + $0 } ?? "")
    }
}

/// The checks of a deployment.
package struct Diagnosis: RenderableObject, Reportable {
    package let checks: [HealthCheck]

    package init(_ checks: [HealthCheck]) {
        self.checks = checks
    }

    package var verdict: HealthCheck.Verdict { checks.map(\.verdict).max() ?? .ok }

    package static let shape = Shape<Diagnosis> {
        Member("verdict", \.verdict.rawValue)
        Member("checks", \.checks)
    }

    package var report: Report {
        Report(.text(checks.map(\.line).joined(separator: "\n")))
    }
}
