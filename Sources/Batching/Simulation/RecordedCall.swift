import JSON

/// A call of a recorded trace: when it came, its tokens, and the hashes of its beginnings.
package struct RecordedCall: Sendable, Equatable {
    package let arrives: Moment
    package let input: Int
    package let output: Int
    package let prefix: [UInt64]

    package init(arrives: Moment, input: Int, output: Int, prefix: [UInt64] = []) {
        self.arrives = arrives
        self.input = input
        self.output = output
        self.prefix = prefix
    }

    /// The lines of Azure's trace: `2023-11-16 18:17:03.9799600,4808,10`, after a header.
    ///
    /// Lines of another form are left out.
    package static func azure(_ text: [UInt8]) -> [RecordedCall] {
        var calls: [RecordedCall] = []
        var first: Int64?
        for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).dropFirst() {
            let fields = line.split(separator: UInt8(ascii: ","))
            guard fields.count == 3, let time = microseconds(fields[0]),
                let input = number(fields[1]), let output = number(fields[2])
            else { continue }
            let start = first ?? time
            first = start
            calls.append(
                RecordedCall(
                    arrives: Moment(microseconds: max(0, time - start)), input: input,
                    output: output))
        }
        return calls
    }

    /// The microseconds of a time of day, in the month of the trace.
    private static func microseconds(_ text: ArraySlice<UInt8>) -> Int64? {
        let digits = text.split { !(0x30...0x39).contains($0) }
        let numbers = digits.prefix(6).compactMap(number)
        guard numbers.count == 6 else { return nil }
        let zeros = Array(repeating: UInt8(ascii: "0"), count: 6)
        let fraction = number(((digits.dropFirst(6).first ?? []) + zeros).prefix(6)) ?? 0
        let whole = ((numbers[2] * 24 + numbers[3]) * 60 + numbers[4]) * 60 + numbers[5]
        return Int64(whole) * 1_000_000 + Int64(fraction)
    }

    private static func number(_ text: ArraySlice<UInt8>) -> Int? {
        Int(String(decoding: text, as: UTF8.self))
    }

    /// The lines of Mooncake's trace: JSON with `timestamp` in milliseconds, `input_length`,
    /// `output_length` and `hash_ids`.
    ///
    /// An id there stands for a block of tokens, so a beginning is the blocks up to one.
    package static func mooncake(_ text: [UInt8]) -> [RecordedCall] {
        text.split(separator: 0x0A).compactMap { line in
            guard let tree = try? JSONTree(parsing: line), let time = tree["timestamp"]?.integer,
                let input = tree["input_length"]?.integer,
                let output = tree["output_length"]?.integer
            else { return nil }
            let blocks = tree["hash_ids"]?.items?.compactMap(\.integer) ?? []
            return RecordedCall(
                arrives: Moment(microseconds: Int64(time) * 1_000), input: input, output: output,
                prefix: chained(blocks))
        }
    }

    private static func chained(_ blocks: [Int]) -> [UInt64] {
        var hash: UInt64 = 0
        return blocks.prefix(BatchingPolicy.prefixHashesMax).map { block in
            var mixer = SeededChance(seed: hash ^ UInt64(truncatingIfNeeded: block))
            hash = mixer.next()
            return hash
        }
    }
}
