package import JSON
package import LedgerModel

/// Who asks for batches, and what the ledger should know of their requests.
package struct BatchOwner: Sendable, Hashable {
    package let ledger: LedgerID
    /// The key of the caller; nil for one on this machine without a key.
    package let key: EventID?
    /// Whether batches of other keys are the caller's too.
    package let isAdministrator: Bool

    package init(ledger: LedgerID, key: EventID?, isAdministrator: Bool) {
        self.ledger = ledger
        self.key = key
        self.isAdministrator = isAdministrator
    }

    func owns(_ key: EventID?) -> Bool { isAdministrator || key == self.key }
}

/// Dimensions and labels that the caller gave.
package struct BatchFacts: Sendable, Hashable {
    package var dimensions: Dimensions
    package var labels: Labels?

    package init(dimensions: Dimensions = Dimensions(), labels: Labels? = nil) {
        self.dimensions = dimensions
        self.labels = labels
    }

    var json: String {
        var json = JSONWriter()
        json.object { json in
            for dimension in Dimension.allCases {
                if let value = dimensions[dimension] { json.field(dimension.name, value.string) }
            }
            guard let labels else { return }
            json.key("labels")
            json.object { json in
                for (key, value) in labels.pairs { json.field(key.string, value.string) }
            }
        }
        return json.text
    }

    init(json text: String) {
        let tree = (try? JSONTree(parsing: text.utf8)) ?? .null
        var dimensions = Dimensions()
        for dimension in Dimension.allCases {
            dimensions[dimension] = tree[dimension.name]?.string.map { Name($0) }
        }
        let pairs = tree["labels"]?.members?.compactMap { member in
            member.value.string.map { (key: Name(member.key), value: Name($0)) }
        }
        self.init(dimensions: dimensions, labels: pairs.flatMap { try? Labels($0) })
    }
}

/// What is asked for, apart from the requests.
package struct BatchOrder: Sendable {
    /// Whose shapes it came in.
    package enum Face: String, Sendable {
        case openAI = "openai"
        case anthropic, jobs
        /// A single request, which waits for others.
        case single = "async"
    }

    package let face: Face
    package let endpoint: String
    package var provider: String?
    package var facts = BatchFacts()
    /// The caller's, as JSON.
    package var metadata: String?
    package var inputFile: EventID?

    package init(_ face: Face, endpoint: String) {
        self.face = face
        self.endpoint = endpoint
    }
}

/// One request of a batch.
package struct BatchItem: Sendable {
    package let customID: String
    package var body: JSONTree

    package init(customID: String, body: JSONTree) {
        self.customID = customID
        self.body = body
    }
}

/// How far a batch is.
package struct BatchView: Sendable {
    package let id: EventID
    package let face: BatchOrder.Face
    package let provider: String
    package let endpoint: String
    package let inputFile: EventID?
    package let metadata: String?
    package let lines: Int
    package let createdAt: Timestamp
    package let formedAt: Timestamp?
    package let cancelAt: Timestamp?
    package let endedAt: Timestamp?
    package let expiresAt: Timestamp
    package let counts: Counts
    package let ownerKey: EventID?
    /// Why its jobs could not be made, or go on with difficulty.
    package let error: String?

    package struct Counts: Sendable, Hashable {
        package let succeeded: Int
        package let failed: Int
        package let expired: Int
        package let cancelled: Int
        /// The provider ended the job without a word about them.
        package let missing: Int

        package var ended: Int { succeeded + failed + expired + cancelled + missing }
    }

    package enum State: String, Sendable {
        case validating, running = "in_progress", cancelling, completed, cancelled, expired
        /// The provider refused all of it.
        case failed
    }

    package var state: State {
        guard endedAt != nil else {
            if cancelAt != nil { return .cancelling }
            return formedAt == nil ? .validating : .running
        }
        if counts.cancelled > 0 { return .cancelled }
        if counts.expired > 0 { return .expired }
        return counts.succeeded == 0 && counts.failed == lines && error != nil
            ? .failed : .completed
    }

    /// When the provider should be done; no promise.
    package var goal: Timestamp { createdAt.advanced(byMicroseconds: Timestamp.dayMicroseconds) }
}

/// How a request of a batch ended.
package struct BatchResult: Sendable {
    package let line: Int
    package let customID: String
    package let outcome: Outcome
    package let status: Int?
    package let answer: [UInt8]

    package enum Outcome: String, Sendable {
        case succeeded, failed, expired, cancelled, missing
    }
}

/// A file that a caller uploaded.
package struct BatchFile: Sendable {
    package let id: EventID
    package let name: String
    package let purpose: String
    package let bytes: Int64
    package let createdAt: Timestamp
    package let expiresAt: Timestamp
    let ownerKey: EventID?
}

extension BatchView {
    /// A file of its results, which is made of the rows as it is read; nil before they are there.
    package func results(named name: String) -> BatchFile? {
        endedAt.map {
            BatchFile(
                id: id, name: name + ".jsonl", purpose: "batch_output", bytes: 0, createdAt: $0,
                expiresAt: expiresAt, ownerKey: ownerKey)
        }
    }
}
