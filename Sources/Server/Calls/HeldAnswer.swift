import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// The response, which keeps what its request holds until it is sent; a long one is counted too.
    func holding(_ memory: MemoryShare) throws -> Response {
        let length = body.contentLength
        if let length, length <= ByteBuffer.pieceBytes { return self }
        try memory.grow(by: length ?? Self.streamBytes)
        var response = self
        response.body = body.map { piece in withExtendedLifetime(memory) { piece } }
        response.headers[.contentLength] = length.map { String($0) }
        return response
    }

    /// What an answer that is written as it is read holds.
    private static let streamBytes = 16 << 20
}

extension ResponseBody {
    /// A body that is written piece by piece, so that the time that a client takes over each can be
    /// limited.
    init(inPieces buffer: ByteBuffer) {
        guard buffer.readableBytes > ByteBuffer.pieceBytes else {
            self.init(byteBuffer: buffer)
            return
        }
        self.init(contentLength: buffer.readableBytes) { writer in
            for piece in buffer.pieces { try await writer.write(piece) }
            try await writer.finish(nil)
        }
    }
}

extension ByteBuffer {
    /// Bytes written at once: a client that reads nothing holds no more than this of a connection.
    static let pieceBytes = 64 << 10

    /// The bytes in parts of that size; they share the storage.
    var pieces: some Sequence<ByteBuffer> {
        sequence(state: self) { rest in
            let length = min(Self.pieceBytes, rest.readableBytes)
            return length == 0 ? nil : rest.readSlice(length: length)
        }
    }
}
