package import LedgerModel
import Postgres

/// Files for batches: uploaded piece by piece, and bounded per ledger.
package struct FileUpload: Sendable {
    package let id: EventID
    private let service: BatchService
    private let owner: BatchOwner
    private let now: Timestamp
    private var piece: [UInt8] = []
    private var pieces: Int32 = 0
    private var bytes: Int64 = 0

    private static let pieceBytes = 1 << 20
    /// What is not complete by then is dropped.
    private static let time: Duration = .seconds(3_600)

    init(_ service: BatchService, _ owner: BatchOwner, at now: Timestamp) {
        id = service.makeID()
        self.service = service
        self.owner = owner
        self.now = now
    }

    /// Takes the next bytes.
    package mutating func take(_ more: ArraySlice<UInt8>) async throws {
        bytes += Int64(more.count)
        guard bytes <= BatchSettings.fileBytesMax else {
            throw BatchFault.tooLarge(
                0, bytes: Int(bytes), max: BatchSettings.fileBytesMax)
        }
        piece += more
        while piece.count >= Self.pieceBytes {
            let full = Array(piece.prefix(Self.pieceBytes))
            piece.removeFirst(Self.pieceBytes)
            try await write(full)
        }
    }

    /// Ends the upload: from now on the file can be used.
    package mutating func finish(name: String, purpose: String) async throws -> BatchFile {
        if !piece.isEmpty || pieces == 0 { try await write(piece) }
        let file = BatchFile(
            id: id, name: String(name.prefix(BatchSettings.nameBytesMax / 4)), purpose: purpose,
            bytes: bytes, createdAt: now, expiresAt: now.after(service.settings.kept),
            ownerKey: owner.key)
        let (ledger, max) = (owner.ledger, service.settings.bytesMax)
        try await service.pool.transaction { session in
            try session.execute(SealFile(ledger: ledger, file: file))
            let kept = try session.one(KeptBytes(ledger: ledger))
            guard kept <= max else { throw BatchFault.full(bytes: kept, max: max) }
        }
        return file
    }

    private mutating func write(_ content: [UInt8]) async throws {
        let (ledger, id, number) = (owner.ledger, id, pieces)
        // Without a size it is not complete, and soon out of date.
        let begun = BatchFile(
            id: id, name: "", purpose: "", bytes: -1, createdAt: now,
            expiresAt: now.after(Self.time), ownerKey: owner.key)
        try await service.pool.transaction { session in
            if number == 0 { try session.execute(InsertFile(ledger: ledger, file: begun)) }
            try session.execute(
                InsertPiece(ledger: ledger, file: id, piece: number, content: content))
        }
        pieces += 1
    }
}

extension BatchService {
    package func upload(for owner: BatchOwner, at now: Timestamp) -> FileUpload {
        FileUpload(self, owner, at: now)
    }

    package func files(of owner: BatchOwner) async throws -> [BatchFile] {
        try await pool.session { try $0.run(FindFiles(owner: owner)) }
    }

    package func file(_ id: EventID, of owner: BatchOwner) async throws -> BatchFile {
        let find = FindFiles(owner: owner, file: id)
        guard let file = try await pool.session({ try $0.first(find) }) else {
            throw BatchFault.unknownFile(PublicID.file(id))
        }
        return file
    }

    /// A piece of a file's content; nil behind the last one.
    package func piece(
        _ number: Int, of file: BatchFile, for owner: BatchOwner
    ) async throws -> [UInt8]? {
        let find = FindPiece(ledger: owner.ledger, file: file.id, piece: Int32(number))
        return try await pool.session { try $0.first(find) }
    }

    package func delete(file id: EventID, of owner: BatchOwner) async throws {
        _ = try await file(id, of: owner)
        let drop = DropFile(ledger: owner.ledger, file: id)
        try await pool.session { _ = try $0.execute(drop) }
    }

    /// Drops what is out of date; to be called now and then.
    package func dropOld(at now: Timestamp) async throws {
        let jobsBefore = now.advanced(byMicroseconds: -settings.kept.micros)
        while true {
            let dropped = try await pool.session { session in
                try session.execute(DropOldFiles(now: now))
                    + session.execute(DropOldBatches(now: now))
                    + session.execute(DropOldJobs(before: jobsBefore))
            }
            if dropped == 0 { return }
        }
    }
}
