/// Counts of lengths in tokens, in buckets; two of them merge by adding.
///
/// Log-linear, after HdrHistogram: 32 buckets an octave, so a bucket is at most 1/32 of its lower
/// bound wide and its middle at most 1.6 % wrong; lengths below 64 have a bucket each.
/// `tally.token_bucket` is the same function in SQL.
package struct LengthHistogram: Hashable, Sendable {
    /// By bucket, up to the last bucket with a count.
    package private(set) var counts: [Int64] = []
    package private(set) var total: Int64 = 0

    package init() {}

    package init(_ lengths: some Sequence<Int64>) {
        for length in lengths { add(length) }
    }

    package mutating func add(_ length: Int64, count: Int64 = 1) {
        add(count, toBucket: Self.bucket(of: length))
    }

    package mutating func add(_ count: Int64, toBucket bucket: Int) {
        precondition(bucket >= 0 && bucket < Self.bucketsMax && count >= 0)
        if count == 0 { return }
        while counts.count <= bucket { counts.append(0) }
        counts[bucket] += count
        total += count
    }

    package mutating func merge(_ other: LengthHistogram) {
        for (bucket, count) in other.counts.enumerated() { add(count, toBucket: bucket) }
    }

    /// The middle of the bucket that reaches this part of the lengths; nil if there are none.
    package func quantile(_ part: Double) -> Int64? {
        guard total > 0 else { return nil }
        var reached: Int64 = 0
        for (bucket, count) in counts.enumerated() {
            reached += count
            if count > 0, Double(reached) >= part * Double(total) { return Self.middle(of: bucket) }
        }
        return Self.middle(of: counts.count - 1)
    }

    /// The number of lengths above one, by whole buckets.
    package func count(above length: Int64) -> Int64 {
        counts.dropFirst(Self.bucket(of: length) + 1).reduce(0, +)
    }

    /// The total tokens beyond a length: what a limit there would cut off.
    package func tokens(above length: Int64) -> Int64 {
        counts.enumerated().reduce(0) { sum, bucket in
            sum + bucket.element * max(0, Self.middle(of: bucket.offset) - length)
        }
    }

    /// All tokens, each length taken as the middle of its bucket.
    package var tokens: Int64 { tokens(above: 0) }
}

// MARK: - Buckets

extension LengthHistogram {
    /// An event's counts are at most 10^15, which is in bucket 1,471.
    package static let bucketsMax = 1_480

    package static func bucket(of length: Int64) -> Int {
        precondition(length >= 0)
        if length < 64 { return Int(length) }
        let octave = 58 - length.leadingZeroBitCount
        return octave * 32 + Int(length >> octave)
    }

    /// The smallest length of a bucket; the next bucket's is just past its end.
    package static func start(of bucket: Int) -> Int64 {
        bucket < 64 ? Int64(bucket) : Int64(32 + bucket % 32) << (bucket / 32 - 1)
    }

    /// The largest length of a bucket.
    package static func end(of bucket: Int) -> Int64 { start(of: bucket + 1) - 1 }

    /// The length that stands for a bucket.
    package static func middle(of bucket: Int) -> Int64 {
        let start = start(of: bucket)
        return start + (end(of: bucket) - start) / 2
    }
}
