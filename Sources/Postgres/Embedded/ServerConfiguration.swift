/// The settings of the embedded server.
///
/// `tally.conf` is rewritten at each start and included by the cluster's postgresql.conf; ALTER
/// SYSTEM overrides it. Settings that safety depends on are on the command line, which nothing
/// overrides.
enum ServerConfiguration {
    static let fileName = "tally.conf"

    /// Last line of postgresql.conf.
    static let includeLine = "include_if_exists = '\(fileName)'\n"

    static let authenticationFileName = "tally_hba.conf"

    /// Who may enter the private socket directory is anybody; through the network come only logins
    /// with a password, which our own roles have none of here.
    static let hostBasedAuthentication = """
        # Written by tally at each start; changes here are lost.
        local all all trust
        local replication all reject
        host tally tally,tally_service,tally_owner all reject
        host tally all 127.0.0.1/32 scram-sha-256

        """

    /// Sized for a small machine: 2 cores, 4 GB, a solid-state disk.
    static func file(walCompression: String) -> String {
        """
        # Written by tally at each start; changes here are lost. Use ALTER SYSTEM instead.
        max_connections = 100
        shared_buffers = 256MB
        effective_cache_size = 1GB
        work_mem = 16MB
        maintenance_work_mem = 128MB
        max_locks_per_transaction = 256
        max_worker_processes = 8
        max_parallel_workers = 2
        max_parallel_workers_per_gather = 2
        random_page_cost = 1.1
        effective_io_concurrency = 100
        jit = off

        wal_compression = \(walCompression)
        wal_buffers = 16MB
        min_wal_size = 512MB
        max_wal_size = 4GB
        checkpoint_timeout = 15min
        checkpoint_completion_target = 0.9
        autovacuum_max_workers = 2

        logging_collector = on
        log_directory = 'log'
        log_filename = 'postgresql-%a.log'
        log_file_mode = 0600
        log_rotation_age = 1d
        log_rotation_size = 0
        log_truncate_on_rotation = on
        log_line_prefix = '%m [%p] %q%u@%d %a '
        log_lock_waits = on
        log_timezone = 'UTC'
        timezone = 'UTC'

        """
    }

    /// One private socket, at most one port of loopback, and every acknowledged commit on the disk.
    static func commandLine(
        of cluster: Cluster, socketDirectory: SocketDirectory, loopbackPort: Int?
    ) -> [String] {
        [
            "listen_addresses=\(loopbackPort == nil ? "" : "127.0.0.1")",
            "port=\(loopbackPort ?? SocketDirectory.port)",
            "hba_file=\(cluster.path)/\(authenticationFileName)",
            "unix_socket_directories=\(socketDirectory.path)", "unix_socket_permissions=0700",
            "fsync=on", "synchronous_commit=on", "full_page_writes=on", "cluster_name=tally",
        ].flatMap { ["-c", $0] }
    }
}
