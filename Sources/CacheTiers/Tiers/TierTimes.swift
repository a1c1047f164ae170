package import LedgerModel

extension Timestamp {
    package func advanced(by duration: Duration) -> Timestamp {
        advanced(byMicroseconds: duration.microseconds)
    }

    package func duration(to later: Timestamp) -> Duration {
        .microseconds(later.microseconds - microseconds)
    }
}

extension Duration {
    /// Whole microseconds; what is finer is cut.
    package var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
