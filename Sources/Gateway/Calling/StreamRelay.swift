package import NIOCore

/// What of a stream reaches the caller, and when.
///
/// Until the first output a stream says nothing that another provider could not say as well, so its
/// frames are held back: if it fails by then, somebody else answers and the caller never knows. The
/// frames of the end are kept until the charge is booked.
package struct StreamRelay {
    /// Bytes that are held back; a stream that says more before its first output goes on as if that
    /// had come.
    package static let heldBytesMax = 4 << 20

    private enum State { case holding, passing, ended }

    private let dropsUsage: Bool
    private let keepsUsage: Bool
    private var state = State.holding
    private var held = ByteBuffer()
    /// What goes out after the booking: the end, and the usage where the cost is told in it.
    package private(set) var last: [StreamFrame] = []
    /// The frame by which the provider says that it failed.
    package private(set) var failure: StreamFrame?

    /// - Parameters:
    ///   - dropsUsage: whether the caller did not ask for the chunk with the usage.
    ///   - keepsUsage: whether the cost will be written into it.
    package init(dropsUsage: Bool, keepsUsage: Bool) {
        self.dropsUsage = dropsUsage
        self.keepsUsage = keepsUsage
    }

    /// Whether the caller has got anything, or would.
    package var hasOutput: Bool { state != .holding }

    package var isEnded: Bool { state == .ended }

    /// Takes frames; puts what may go now behind `passed`.
    package mutating func accept(_ frames: [StreamFrame], _ passed: inout ByteBuffer) {
        for frame in frames { accept(frame, &passed) }
    }

    private mutating func accept(_ frame: StreamFrame, _ passed: inout ByteBuffer) {
        switch (frame.kind, state) {
        case (.usage, _) where dropsUsage: break
        case (_, .ended), (.end, .passing): end(with: frame)
        case (.usage, .passing) where keepsUsage: last.append(frame)
        case (.error, .passing):
            failure = frame
            end(with: frame)
        case (_, .passing): passed.add(frame.bytes)
        case (.ping, .holding): break
        case (.error, .holding): failure = frame
        case (.output, .holding):
            state = .passing
            passed.add(held)
            passed.add(frame.bytes)
            held = ByteBuffer()
        case (.end, .holding):
            // It had nothing to say, and said so.
            last.append(StreamFrame(kind: .lifecycle, bytes: held))
            held = ByteBuffer()
            end(with: frame)
        case (_, .holding):
            held.add(frame.bytes)
            guard held.readableBytes > Self.heldBytesMax else { return }
            state = .passing
            passed.add(held)
            held = ByteBuffer()
        }
    }

    private mutating func end(with frame: StreamFrame) {
        state = .ended
        last.append(frame)
    }

    /// Ends a stream that stopped without a last frame.
    ///
    /// - Parameter rest: what stands behind its last frame.
    package mutating func finish(_ rest: ByteBuffer?) {
        guard state != .holding, let rest else { return }
        last.append(StreamFrame(kind: .lifecycle, bytes: rest))
    }
}

extension ByteBuffer {
    /// Adds bytes; the first ones are not copied.
    mutating func add(_ other: ByteBuffer) {
        var other = other
        if readableBytes == 0 { self = other } else { writeBuffer(&other) }
    }
}
