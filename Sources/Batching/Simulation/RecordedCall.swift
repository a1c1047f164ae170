import JSON
package import Resilience

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

extension Simulation {
    /// The calls of a trace as requests of one lane, stretched in time to a load.
    ///
    /// A call takes 50 ms, 20 µs for each token of input and 10 ms for each of output. Its deadline
    /// is 2 s and 1.5 to 5.5 times that long after its arrival.
    ///
    /// - Parameters:
    ///   - servers: calls that run at once.
    ///   - load: the share of the servers' time that the calls take if none fails.
    package static func requests(
        _ calls: [RecordedCall], servers: Int, load: Double, tenants: Int, classes: Int,
        seed: UInt64
    ) -> [Request] {
        var chance = SeededChance(seed: seed)
        let services = calls.map { call in
            50_000 + Int64(call.input) * 20 + Int64(call.output) * 10_000
        }
        let total = Double(services.reduce(0, +))
        let span = Double(max(1, calls.last?.arrives.microseconds ?? 0))
        let stretch = total / (Double(servers) * load) / span
        return zip(calls, services).map { call, service in
            let arrives = Moment(
                microseconds: Int64(Double(call.arrives.microseconds) * stretch))
            let slack = 2_000_000 + Int64(Double(service) * (1.5 + 4 * chance.fraction()))
            let submission = Submission(
                lane: 0, tenant: Tenant(Int(chance.next() % UInt64(tenants))),
                priority: Int(chance.next() % UInt64(classes)),
                deadline: arrives.advanced(byMicroseconds: slack),
                tokens: call.input + call.output, bytes: call.input * 4, prefix: call.prefix)
            return Request(arrives: arrives, submission: submission, service: service)
        }
    }
}
