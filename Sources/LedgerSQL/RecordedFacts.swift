package import LedgerModel
package import Postgres

extension RecordedEvent {
    /// An event whose facts stand in `detail`, from its columns; its other fields are left out.
    package init(
        _ position: Int64, _ recordedAt: Timestamp, kind: Int16, id: EventID,
        _ occurredAt: Timestamp, causeID: EventID? = nil, detail: String?
    ) throws(PostgresError) {
        guard let kind = EventKind(rawValue: kind) else {
            throw PostgresError(.decoding, "kind \(kind) is not known")
        }
        var event = Event(id: id, kind: kind, occurredAt: occurredAt)
        event.causeID = causeID
        event.detail = detail.flatMap { Labels(canonicalJSON: $0) }
        self.init(position: position, recordedAt: recordedAt, event: event)
    }
}
