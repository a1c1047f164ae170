import EventStore
package import JSON
import LedgerModel
package import Subscriptions

/// The outcome of a command on one object, such as `{"revoked":"…"}`.
package struct Done: RenderableObject, Reportable {
    let verb: String
    let object: String

    package init(_ verb: String, _ object: String) {
        self.verb = verb
        self.object = object
    }

    package static let shape = Shape<Done> {
        Member(spreading: { [($0.verb, $0.object)] })
    }

    package var report: Report { Report(.text("\(verb) \(object)")) }
}

/// Files of the schema that were applied.
package struct AppliedMigrations: RenderableObject, Reportable {
    let files: [String]

    package init(_ files: [String]) {
        self.files = files
    }

    package static let shape = Shape<AppliedMigrations> {
        Member("applied", \.files)
    }

    package var report: Report {
        let lines = files.map { "applied \($0)" } + ["the schema is up to date"]
        return Report(.text(lines.joined(separator: "\n")))
    }
}

extension RebuiltSubscription: RenderableObject {
    package static let shape = Shape<RebuiltSubscription> {
        Member("projection", \.name, .column)
        Member("version", \.version, .column)
        Member("events", \.events, .column)
    }
}

// MARK: - Status

/// How far a subscription has come in a ledger.
package struct ShownSubscription: RenderableObject {
    package let status: SubscriptionStatus
    package let ledger: String

    /// - Parameter ledger: the ledger's name.
    package init(_ status: SubscriptionStatus, of ledger: String) {
        self.status = status
        self.ledger = ledger
    }

    /// Whether it follows its ledger, at most a minute behind.
    var isWell: Bool {
        status.halted == nil && status.isCurrent
            && (status.lagPositions == 0 || status.lag < .seconds(60))
    }

    /// The command that helps a halted one; nil for others.
    package var remedy: String? {
        guard let halted = status.halted else { return nil }
        if halted.contains(PositionGap.remedy) { return PositionGap.command }
        return "tally quarantine find \(status.subscription) --ledger \(ledger)"
    }

    package static let shape = Shape<ShownSubscription> {
        Member("ledger", \.ledger, .column)
        Member("subscription", \.status.subscription, .column)
        Member("version", \.status.version, .column)
        Member("position", \.status.position, .column)
        Member("lag_events", \.status.lagPositions, .column)
        Member("lag_seconds", { $0.status.lag / .seconds(1) }, .column)
        Member("current", \.status.isCurrent, .column)
        Member("halted", \.status.halted, .column)
        Member("remedy", \.remedy, .column)
    }
}

/// A result that is shown to people as a sentence.
package struct Told<Result: Renderable>: Reportable {
    let result: Result
    let sentence: String

    package init(_ result: Result, _ sentence: String) {
        self.result = result
        self.sentence = sentence
    }

    package static var schema: JSONSchema { Result.schema }
    package var cell: Cell { result.cell }
    package func write(to json: inout JSONWriter) { result.write(to: &json) }
    package var report: Report { Report(.text(sentence)) }
}
