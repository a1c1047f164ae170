/// Where the database is and how to talk to it.
package struct PostgresConfiguration: Sendable, CustomStringConvertible {
    /// A libpq URI or `key=value` string, passed to libpq unchanged: `sslmode`, `sslrootcert`,
    /// several hosts and the rest mean what libpq says.
    ///
    /// It may hold a password: never log it.
    package var url: String
    /// The role to log in as, instead of the URL's.
    package var user: String?
    /// The password of `user`; nil keeps the URL's.
    package var password: String?
    /// The name in `pg_stat_activity`, unless the URL or PGAPPNAME sets another.
    package var applicationName: String = "tally"
    /// The most that connecting may take, over all hosts.
    package var connectTimeout: Duration = .seconds(5)
    /// Set with SET LOCAL in each transaction: a plain SET would outlive it on a connection that
    /// PgBouncer lends to somebody else next.
    package var statementTimeout: Duration?
    /// Whether each connection prepares statements once, under a name.
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

    /// Omits the URL, because it may hold a password.
    package var description: String {
        "PostgresConfiguration(applicationName: \(applicationName))"
    }
}
