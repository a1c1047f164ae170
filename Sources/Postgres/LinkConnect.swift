internal import CLibPQ
internal import Glibc

// Connects without blocking in libpq, except for the name lookup.

extension Link {
    func connect(_ configuration: PostgresConfiguration) throws(PostgresError) {
        let target = try Target(configuration.url)
        deadline = .now + configuration.connectTimeout
        defer { deadline = nil }
        // Later keywords win, and `dbname` expands to everything in the URL.
        let settings = [
            ("fallback_application_name", configuration.applicationName),
            ("dbname", configuration.url), ("client_encoding", "UTF8"),
            ("user", configuration.user), ("password", configuration.password),
        ].compactMap { keyword, value in value.map { (keyword, $0) } }
        let started = Self.withCStrings(
            settings.map(\.0), settings.map(\.1)
        ) { keywords, values in
            PQconnectStartParams(keywords, values, 1)
        }
        guard let started else {
            throw PostgresError(.connectionFailed, "out of memory while connecting")
        }
        begin(with: started)
        try handshake(target, started)
        PQsetnonblocking(started, 1)
        // Without this, libpq prints every notice to standard error.
        PQsetNoticeProcessor(started, { _, _ in }, nil)
        canceller.attach(started)
        prepared.isEnabled = configuration.preparesStatements
    }

    private func handshake(_ target: Target, _ connection: OpaquePointer) throws(PostgresError) {
        var status =
            PQstatus(connection) == CONNECTION_BAD
            ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            if status == PGRES_POLLING_FAILED {
                throw failed(target, Self.trimmed(PQerrorMessage(connection)))
            }
            let readiness = poll(toWrite: status == PGRES_POLLING_WRITING, until: deadline)
            if case .expired = readiness {
                throw failed(target, "no answer in time")
            }
            // A spurious wake-up is harmless: libpq finds nothing new.
            status = PQconnectPoll(connection)
        }
    }

    private func failed(_ target: Target, _ reason: String) -> PostgresError {
        // libpq doesn't keep the server's SQLSTATE here; only its text.
        close()
        return PostgresError(
            .connectionFailed,
            "cannot connect to \(target.text): \(reason); check that the server is running and "
                + "that the database URL, user and password are right")
    }

    private static func withCStrings<R>(
        _ keywords: [String], _ values: [String],
        _ body: (
            UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>
        ) -> R
    ) -> R {
        let copies = (keywords + values).map { strdup($0) }
        defer { copies.forEach { free($0) } }
        let pointers = copies.map { UnsafePointer($0) }
        let keywords = Array(pointers.prefix(keywords.count)) + [nil]
        let values = Array(pointers.suffix(values.count)) + [nil]
        return body(keywords, values)
    }
}

/// Where a connection goes, for messages: never with the password.
private struct Target {
    let text: String

    init(_ url: String) throws(PostgresError) {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url.isEmpty ? " " : url, &message) else {
            // libpq's message may quote a part of the URL, including the password.
            PQfreemem(message)
            throw PostgresError(
                .connectionFailed,
                "the database URL can't be read; write it as "
                    + "postgresql://user:password@host:5432/database with special characters "
                    + "percent-encoded")
        }
        defer { PQconninfoFree(options) }
        var parts: [String] = []
        var option = options
        while let keyword = option.pointee.keyword {
            let name = String(cString: keyword)
            if let value = option.pointee.val, Self.shown.contains(name) {
                parts.append("\(name) \(String(cString: value))")
            }
            option += 1
        }
        text = parts.isEmpty ? "the default database" : parts.joined(separator: ", ")
    }

    private static let shown: Set<String> = ["host", "hostaddr", "port", "dbname", "user"]
}
