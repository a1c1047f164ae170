package import EventStore
import FoundationEssentials
package import LedgerModel

/// A recorded event in the form in which it can be sent again, with its position.
///
/// Fields that an event lacks are left out; an unknown amount is null.
extension RecordedEvent: RenderableObject {
    package static let shape = Shape<RecordedEvent> {
        Member("position", \.position)
        Member("recorded_at", \.recordedAt)
        Member("type", \.event.kind.name)
        Member("event_id", { $0.event.externalID == nil ? nil : $0.event.id }, omitted: true)
        Member("source", \.event.externalID?.source, omitted: true)
        Member("id", { $0.event.externalID?.id.string ?? $0.event.id.description })
        Member("occurred_at", \.event.occurredAt)
        Member("request_id", \.event.causeID, omitted: true)
        Member(spreading: { $0.event.dimensions.named })
        Member("status", \.event.status, omitted: true)
        Member("error_type", \.event.errorType, omitted: true)
        Member("usage", \.event.counts, omitted: true)
        Member("latency_ms", { milliseconds($0.event.latency) }, omitted: true)
        Member("time_to_first_token_ms", { milliseconds($0.event.timeToFirstToken) }, omitted: true)
        Member("content_hash", \.event.contentHash, omitted: true)
        Member("request_hash", \.event.requestHash, omitted: true)
        Member("labels", \.event.labels?.json, omitted: true)
        Member("trace_id", \.event.origin.traceID, omitted: true)
        Member("span_id", \.event.origin.spanID, omitted: true)
        Member("parent_span_id", \.event.origin.parentSpanID, omitted: true)
        Member("scope", \.event.origin.scope, omitted: true)
        Member("response_id", \.event.origin.responseID, omitted: true)
        Member("tokens_before", \.event.optimization.tokensBefore, omitted: true)
        Member("tokens_after", \.event.optimization.tokensAfter, omitted: true)
        Member("useful_output_tokens", \.event.optimization.usefulOutputTokens, omitted: true)
        Member("quality", { $0.event.quality.map { FixedPoint($0, scale: 6) } }, omitted: true)
        Member(
            "stages", { $0.event.optimization.stages.map { JSONText($0.canonicalJSON) } },
            omitted: true)
        Member(
            "lossy_stages",
            { $0.event.optimization.lossyStages.map { JSONText($0.canonicalJSON) } },
            omitted: true)
        Member("saved_usd", \.event.saved, when: { $0.event.kind == .savingRated })
        Member("cost_usd", \.event.amount, when: \.event.kind.isCharge)
        Member("unpriced", \.event.unpriced, omitted: true)
        Member("book_id", \.event.bookID, omitted: true)
        Member("previous_id", \.event.previousID, omitted: true)
        Member("detail", \.event.detail?.json, omitted: true)
    }
}

extension Event {
    fileprivate var counts: NamedValues<FixedPoint>? {
        if usage.isEmpty { return nil }
        return NamedValues(
            usage.units.map { unit in
                (unit.name, FixedPoint(usage.value(unit), scale: unit.scale == 1 ? 0 : 6))
            })
    }
}

extension Labels {
    var json: JSONText { JSONText(canonicalJSON) }
}

extension Dimensions {
    /// The dimensions that are set, with their names, in order.
    var named: [(name: String, value: Name)] {
        Dimension.allCases.compactMap { dimension in
            self[dimension].map { (dimension.name, $0) }
        }
    }
}

/// A page of events, and where the next one starts.
package struct EventPage: RenderableObject {
    let events: [RecordedEvent]
    let nextAfter: Int64
    let head: Int64

    package init(_ events: [RecordedEvent], nextAfter: Int64, head: Int64) {
        self.events = events
        self.nextAfter = nextAfter
        self.head = head
    }

    package static let shape = Shape<EventPage> {
        Member("events", \.events)
        Member("next_after", \.nextAfter)
        Member("head", \.head)
    }
}

// MARK: - The chain

extension Head: RenderableObject {
    package static let shape = Shape<Head> {
        Member("position", \.position)
        Member("block", \.block)
        Member("hash", \.hash)
    }
}

extension InclusionProof: RenderableObject {
    package static let shape = Shape<InclusionProof> {
        Member("event_id", \.event)
        Member("position", \.position)
        Member("encoding", { hexadecimal($0.encoding) })
        Member("leaf_index", { $0.position - $0.block.firstPosition })
        Member("path", \.path)
        Member("block", \.block)
    }
}

/// What a proof shows that was checked without the ledger.
package struct CheckedProof: RenderableObject, Reportable {
    let proof: InclusionProof
    let checkpoint: Checkpoint?
    /// Why it proves nothing; nil if it holds.
    package let problem: String?

    /// - Parameters:
    ///   - read: a proof, and what it says is the hash of its block.
    ///   - checkpoint: an authentic one, to compare with.
    package init(
        _ read: (proof: InclusionProof, blockHash: Digest), against checkpoint: Checkpoint?
    ) {
        proof = read.proof
        self.checkpoint = checkpoint
        let block = read.proof.block
        problem =
            if !read.proof.isValid {
                "the event does not lead to the root of its block"
            } else if block.hash != read.blockHash {
                "the hash of its block is not that of what it says about the block"
            } else if let checkpoint, checkpoint.ledger.number != block.ledger {
                "the checkpoint is of another ledger"
            } else if let checkpoint, checkpoint.head.block != block.number {
                "the checkpoint is of block \(checkpoint.head.block): take one of block "
                    + "\(block.number)"
            } else if let checkpoint, checkpoint.head.hash != block.hash {
                "the checkpoint has another hash for this block"
            } else {
                nil
            }
    }

    package static let shape = Shape<CheckedProof> {
        Member("valid", { $0.problem == nil })
        Member("event_id", \.proof.event)
        Member("position", \.proof.position)
        Member("block", \.proof.block)
        Member("problem", \.problem, omitted: true)
    }

    package var report: Report {
        if let problem { return Report(.text("the proof does NOT hold: \(problem)")) }
        let block = proof.block
        return Report(
            .text(
                "event \(proof.event) is at position \(grouped(proof.position)) of block "
                    + "\(grouped(block.number)), recorded at \(block.recordedAt), block hash "
                    + "\(block.hash)"
                    + (checkpoint == nil
                        ? ": compare it with a checkpoint (--checkpoint)"
                        : ", as the checkpoint says")))
    }
}

extension Block: RenderableObject {
    package static let shape = Shape<Block> {
        Member("ledger", \.ledger)
        Member("number", \.number)
        Member("first_position", \.firstPosition)
        Member("count", \.count)
        Member("root", \.root)
        Member("previous_hash", \.previousHash)
        Member("recorded_at", \.recordedAt)
        Member("hash", \.hash)
    }
}

func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// The result of a verification.
package struct Verified: RenderableObject, Reportable {
    let found: Verifier.Report
    let ledger: String
    /// The checkpoint that it was compared with.
    let checkpoint: Checkpoint?

    package init(_ found: Verifier.Report, ledger: String, against checkpoint: Checkpoint?) {
        self.found = found
        self.ledger = ledger
        self.checkpoint = checkpoint
    }

    /// What was not checked; nil if everything was.
    private var warning: String? {
        guard checkpoint == nil else { return nil }
        return "there is no checkpoint to hold on to, so a history that was cut off, or rewritten "
            + "as a whole, would pass: make one with tally checkpoint"
    }

    package static let shape = Shape<Verified> {
        Member("intact", { $0.found.problem == nil })
        Member("events", \.found.events)
        Member("blocks", \.found.blocks)
        Member("head", \.found.head)
        Member("checkpoint", \.checkpoint)
        Member("problem", \.found.problem, omitted: true)
        Member("warning", \.warning, omitted: true)
    }

    package var report: Report {
        if let problem = found.problem {
            return Report(.text("ledger \(ledger) is NOT intact: \(problem)"))
        }
        let known = checkpoint.map {
            ", and it continues the checkpoint of \($0.recordedAt) at position "
                + grouped($0.head.position)
        }
        return Report(
            .text(
                "ledger \(ledger) is intact: \(counted(found.events, "event")) in "
                    + "\(counted(found.blocks, "block")), head \(found.head.hash)" + (known ?? "")
                    + (warning.map { "\nwarning: \($0)" } ?? "")))
    }
}

extension Verifier.Problem: RenderableObject {
    package static let shape = Shape<Verifier.Problem> {
        Member("position", \.position)
        Member("what", \.what)
    }
}

/// The hand-over of a key as stored in a file; docs/encoding.md says how to check it.
extension KeyHandover: RenderableObject {
    package static let shape = Shape<KeyHandover> {
        Member("old_key", \.old.description)
        Member("new_key", \.new.description)
        Member("recorded_at", \.recordedAt)
        Member("old_signature", { Data($0.oldSignature).base64EncodedString() })
        Member("new_signature", { Data($0.newSignature).base64EncodedString() })
    }
}

/// A signed head as stored in a file; docs/encoding.md says how to check it.
extension Checkpoint: RenderableObject {
    package static let shape = Shape<Checkpoint> {
        Member("ledger", \.ledgerName)
        Member("ledger_id", \.ledger.number)
        Member("position", \.head.position)
        Member("block", \.head.block)
        Member("hash", \.head.hash)
        Member("recorded_at", \.recordedAt)
        Member("public_key", { Data($0.publicKey).base64EncodedString() })
        Member("signature", { Data($0.signature).base64EncodedString() })
    }
}
