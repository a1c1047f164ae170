/// Where the database is and how to talk to it.
package struct PostgresConfiguration: Sendable, CustomStringConvertible {
    /// A libpq URI or `key=value` string, handed to libpq untouched: `sslmode`, `sslrootcert`,
    /// several hosts and the rest mean what libpq says.
    ///
    /// It may hold a password: never log it.
    package var url: String
    /// The role to log in as, in place of the one that the URL names.
    package var user: String?
    /// The password of `user`; nil leaves the URL's.
    package var password: String?
    /// What `pg_stat_activity` shows, unless the URL or PGAPPNAME says otherwise.
    package var applicationName: String = "tally"
    /// The whole of connecting, over all hosts, may take this long.
    package var connectTimeout: Duration = .seconds(5)
    /// Set with SET LOCAL in each transaction, since a plain SET would outlive it on a
    /// connection that PgBouncer lends to somebody else next.
    package var statementTimeout: Duration?
    /// Whether statements are prepared under a name once a connection.
    ///
    /// Must be false behind PgBouncer 1.18, which doesn't follow prepared statements.
    package var preparesStatements: Bool = true

    package init(url: String) {
        self.url = url
    }

    /// The same database under another role.
    package func loggedIn(as user: String, password: String?) -> PostgresConfiguration {
        var configuration = self
        configuration.user = user
        configuration.password = password
        return configuration
    }

    /// Leaves the URL out, because it may hold a password.
    package var description: String {
        "PostgresConfiguration(applicationName: \(applicationName))"
    }
}
