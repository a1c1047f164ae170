internal import CLibPQ

extension Session {
    /// What PostgreSQL keeps of a password (a salted SCRAM-SHA-256 verifier, RFC 5803): `PASSWORD`
    /// takes it, and neither a log nor `pg_stat_activity` then shows the password.
    package func verifier(of password: String) throws(PostgresError) -> String {
        let connection = try active.opened()
        // The user's name is part of MD5 only.
        guard let text = PQencryptPasswordConn(connection, password, "", "scram-sha-256") else {
            throw PostgresError(
                .invalidParameter,
                "the password has no verifier: \(Link.trimmed(PQerrorMessage(connection)))")
        }
        defer { PQfreemem(text) }
        return String(cString: text)
    }
}
