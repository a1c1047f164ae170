/// A question that other programs ask the catalogues, in our words: with the same functions,
/// operators and views as theirs.
struct ClientQuery: Sendable {
    let client: String
    let sql: String
    /// Whether it has rows in a ledger's database; nil for a question that is refused where
    /// functions could be revoked.
    var hasRows: Bool? = true

    init(_ client: String, _ sql: String, hasRows: Bool? = true) {
        self.client = client
        self.sql = sql
        self.hasRows = hasRows
    }

    static let all =
        jdbc + npgsql + powerBI + metabase + grafana + dbeaver + duckDB + others + refused

    // MARK: JDBC (pgjdbc's DatabaseMetaData)

    private static let jdbc = [
        ClientQuery(
            "JDBC limits",
            """
            SELECT version(), current_setting('server_version_num'), current_catalog, setting
            FROM pg_catalog.pg_settings WHERE name = 'max_index_keys'
            """),
        ClientQuery(
            "JDBC getSQLKeywords",
            """
            SELECT string_agg(word, ',') FROM pg_catalog.pg_get_keywords()
            WHERE word <> ALL ('{select,from}'::text[])
            """),
        ClientQuery(
            "JDBC getSchemas",
            """
            SELECT nspname FROM pg_catalog.pg_namespace
            WHERE nspname LIKE 'aud%' AND (nspname !~ '^pg_temp_' OR nspname = replace(
                (pg_catalog.current_schemas(true))[1], 'pg_temp_', 'pg_toast_temp_'))
            ORDER BY nspname
            """),
        ClientQuery(
            "JDBC getTables",
            """
            SELECT current_database(), n.nspname, c.relname, d.description,
                CASE WHEN n.nspname ~ '^pg_' THEN 'SYSTEM' WHEN c.relkind = 'v' THEN 'VIEW' END
            FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
            LEFT JOIN pg_catalog.pg_description d
                ON d.objoid = c.oid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass
            WHERE n.nspname LIKE 'audit' AND c.relname LIKE 'e%'
                AND has_table_privilege(c.oid, 'SELECT, INSERT, RULE, TRIGGER')
            ORDER BY 5, 2, 3
            """),
        ClientQuery(
            "JDBC getColumns",
            """
            SELECT a.attname, a.atttypmod, t.typtypmod, nullif(a.attidentity, ''),
                row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum),
                pg_catalog.pg_get_expr(def.adbin, def.adrelid), dsc.description
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
            JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_attrdef def ON def.adrelid = a.attrelid AND def.adnum = a.attnum
            LEFT JOIN pg_catalog.pg_description dsc
                ON dsc.objoid = c.oid AND dsc.objsubid = a.attnum
            WHERE c.relname LIKE 'events' AND a.attnum > 0 AND NOT a.attisdropped
            """),
        ClientQuery(
            "JDBC privileges",
            """
            SELECT c.relname, r.rolname, c.relacl, a.attacl
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_roles r ON r.oid = c.relowner
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
            WHERE c.relnamespace = 'audit'::regnamespace
            """),
        ClientQuery(
            "JDBC getPrimaryKeys",
            """
            SELECT (keys).x, (keys).n FROM (
                SELECT information_schema._pg_expandarray(i.indkey) AS keys
                FROM pg_catalog.pg_index i WHERE i.indisprimary) AS expanded
            """),
        ClientQuery(
            "JDBC getImportedKeys",
            """
            SELECT con.conname, pos.n FROM pg_catalog.pg_constraint con,
                pg_catalog.generate_series(1, 32) AS pos (n), pg_catalog.pg_attribute a
            WHERE con.contype = 'f' AND a.attrelid = con.confrelid AND a.attnum = con.confkey[pos.n]
                AND con.conrelid = 'audit.events'::regclass
            """, hasRows: false),
        ClientQuery(
            "JDBC getFunctions",
            """
            SELECT p.proname || '_' || p.oid, pg_get_function_result(p.oid),
                substring(pg_get_function_result(p.oid) from 0 for 6) = 'SETOF',
                format_type(p.prorettype, NULL)
            FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'audit'::regnamespace ORDER BY p.oid::text
            """),
        ClientQuery(
            "JDBC types",
            """
            SELECT typinput = 'pg_catalog.array_in'::regproc, typname, s.r FROM pg_catalog.pg_type
            JOIN pg_catalog.pg_namespace ns ON ns.oid = typnamespace
            JOIN generate_series(1, array_upper(current_schemas(false), 1)) AS s (r)
                ON (current_schemas(false))[s.r] = ns.nspname
            """),
        ClientQuery(
            "JDBC getUDTs",
            """
            SELECT pg_catalog.obj_description(oid, 'pg_type') FROM pg_catalog.pg_type
            WHERE typtype IN ('c', 'd')
            """),
    ]

    // MARK: .NET (Npgsql), and Power BI on it

    private static let npgsql = [
        ClientQuery(
            "Npgsql types",
            """
            SELECT ns.nspname, typ.typname, typ.typtype, elem.oid,
                CASE WHEN proc.proname = 'array_recv' THEN 'a' ELSE typ.typtype END
            FROM pg_type AS typ JOIN pg_namespace AS ns ON ns.oid = typ.typnamespace
            LEFT JOIN pg_class AS cls ON cls.oid = typ.typrelid
            LEFT JOIN pg_proc AS proc ON proc.oid = typ.typreceive
            LEFT JOIN pg_range ON pg_range.rngtypid = typ.oid
            LEFT JOIN pg_type AS elem ON elem.oid = CASE WHEN proc.proname = 'array_recv'
                THEN typ.typelem WHEN typ.typtype = 'r' THEN rngsubtype
                WHEN typ.typtype = 'm' THEN (SELECT rngtypid FROM pg_range WHERE rngmultitypid = typ.oid)
                WHEN typ.typtype = 'd' THEN typ.typbasetype END
            WHERE typ.typtype IN ('b', 'r', 'm', 'e', 'd')
            ORDER BY CASE WHEN typ.typtype IN ('b', 'e') THEN 0 WHEN typ.typtype = 'r' THEN 1 END
            """),
        ClientQuery(
            "Npgsql enums",
            "SELECT enumtypid, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder",
            hasRows: false),
    ]

    private static let powerBI = [
        ClientQuery(
            "Power BI tables",
            """
            SELECT table_schema, table_name, table_type FROM information_schema.tables
            WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY 1, 2
            """),
        ClientQuery(
            "Power BI columns",
            """
            SELECT column_name, ordinal_position, is_nullable,
                CASE WHEN data_type LIKE '%unsigned%' THEN data_type || ' unsigned' ELSE data_type END
            FROM information_schema.columns WHERE table_schema = 'audit' AND table_name = 'events'
            """),
        ClientQuery(
            "Power BI keys",
            """
            SELECT k.column_name, c.constraint_schema || '_' || c.constraint_name
            FROM information_schema.referential_constraints c
            JOIN information_schema.key_column_usage k USING (constraint_name)
            JOIN information_schema.table_constraints t USING (constraint_name)
            """, hasRows: false),
        ClientQuery(
            "Power BI character sets",
            "SELECT character_set_name FROM information_schema.character_sets"),
    ]

    // MARK: Metabase

    private static let metabase = [
        ClientQuery(
            "Metabase tables",
            """
            SELECT n.nspname, c.relname, d.description, nullif(stat.n_live_tup, 0)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0
            LEFT JOIN pg_stat_user_tables stat
                ON stat.schemaname = n.nspname AND stat.relname = c.relname
            WHERE n.nspname !~ '^information_schema|pg_' AND c.relkind IN ('r', 'p', 'v', 'f', 'm')
            """),
        ClientQuery(
            "Metabase privileges",
            """
            SELECT t.viewname FROM (SELECT schemaname, tablename AS viewname FROM pg_catalog.pg_tables
                UNION SELECT schemaname, viewname FROM pg_views
                UNION SELECT schemaname, matviewname FROM pg_matviews) AS t
            WHERE pg_catalog.has_schema_privilege(current_user, t.schemaname, 'usage')
                AND t.schemaname !~ '^pg_' AND pg_catalog.has_any_column_privilege(current_user,
                    quote_ident(t.schemaname) || '.' || quote_ident(t.viewname), 'select')
            """),
        ClientQuery(
            "Metabase fields",
            """
            SELECT c.column_name, format('"%s"."%s"', c.udt_schema, c.udt_name),
                format('%s', c.udt_name), c.column_default IS NULL OR lower(c.column_default) = 'null',
                c.column_default LIKE '%nextval(%', col_description(CAST(CAST(
                    format('%I.%I', CAST(c.table_schema AS text), CAST(c.table_name AS text))
                    AS regclass) AS oid), c.ordinal_position)
            FROM information_schema.columns AS c LEFT JOIN information_schema.table_constraints AS tc
                ON tc.table_schema = c.table_schema AND tc.table_name = c.table_name
            WHERE c.table_schema !~ '^information_schema|pg_' AND c.table_schema IN ('audit')
            """),
        ClientQuery(
            "Metabase foreign keys",
            """
            SELECT c.conname FROM pg_constraint AS c
            JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
            WHERE c.contype = 'f'
            """, hasRows: false),
        ClientQuery(
            "Metabase time",
            "SELECT to_char(current_timestamp, 'YYYY-MM-DD HH24:MI:SS.MS TZ')"),
        ClientQuery(
            "Metabase questions",
            """
            SELECT date_trunc('month', occurred_at), CAST(extract(dow FROM occurred_at) AS integer),
                count(*), sum(cost_usd), min(substring(app, 1, 1234))
            FROM audit.events WHERE occurred_at >= timestamp with time zone '2015-01-01 00:00:00.000Z'
                AND lower(app) LIKE '%op%' GROUP BY 1, 2 ORDER BY 1
            """),
    ]

    // MARK: Grafana

    private static let grafana = [
        ClientQuery("Grafana version", "SELECT current_setting('server_version_num')::int / 100"),
        ClientQuery(
            "Grafana tables",
            """
            SELECT quote_ident(table_name) FROM information_schema.tables
            WHERE quote_ident(table_schema) IN (
                SELECT CASE WHEN trim(s[i]) = '"$user"' THEN user ELSE trim(s[i]) END
                FROM generate_series(
                    array_lower(string_to_array(current_setting('search_path'), ','), 1),
                    array_upper(string_to_array(current_setting('search_path'), ','), 1)) AS i,
                    string_to_array(current_setting('search_path'), ',') AS s)
            """),
        ClientQuery(
            "Grafana series",
            """
            SELECT floor(extract(epoch FROM occurred_at) / 3600) * 3600 AS time, app AS metric,
                floor(extract(epoch FROM occurred_at)::bigint / 60) * 60, sum(cost_usd)::float8
            FROM events WHERE occurred_at BETWEEN '2015-01-01T00:00:00Z' AND '2030-01-01T00:00:00Z'
            GROUP BY 1, 2, 3 ORDER BY 1
            """),
    ]

    // MARK: DBeaver

    private static let dbeaver = [
        ClientQuery(
            "DBeaver databases",
            """
            SELECT db.*, pg_encoding_to_char(db.encoding), shobj_description(db.oid, 'pg_database'),
                pg_database_size(db.oid)
            FROM pg_catalog.pg_database db WHERE datname = current_database()
            """),
        ClientQuery(
            "DBeaver tables",
            """
            SELECT c.*, pg_catalog.pg_get_expr(c.relpartbound, c.oid),
                pg_catalog.pg_get_partkeydef(c.oid), pg_catalog.pg_total_relation_size(c.oid)
            FROM pg_catalog.pg_class c WHERE c.relnamespace = 'audit'::regnamespace
            """),
        ClientQuery(
            "DBeaver columns",
            """
            SELECT a.*, dep.objid FROM pg_catalog.pg_attribute a
            LEFT JOIN pg_depend dep ON dep.refobjid = a.attrelid AND dep.refobjsubid = a.attnum
            WHERE a.attrelid = 'audit.events'::regclass ORDER BY a.attnum
            """),
        ClientQuery(
            "DBeaver definitions",
            """
            SELECT pg_get_viewdef('audit.events'::regclass, true), p.*,
                pg_catalog.pg_get_expr(p.proargdefaults, 0)
            FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'audit'::regnamespace
            """),
        ClientQuery(
            "DBeaver constraints",
            """
            SELECT c.*, pg_catalog.pg_get_constraintdef(c.oid, true) FROM pg_catalog.pg_constraint c
            """),
        ClientQuery(
            "DBeaver server",
            """
            SELECT s.*, t.*, pg_tablespace_location(t.oid)
            FROM pg_catalog.pg_settings s CROSS JOIN pg_catalog.pg_tablespace t
            """),
        ClientQuery(
            "DBeaver user", "SELECT usesuper FROM pg_catalog.pg_user WHERE usename = current_user"),
        ClientQuery(
            "DBeaver extensions",
            """
            SELECT e.*, (SELECT array_agg(oid) FROM unnest(e.extconfig) AS oid)
            FROM pg_catalog.pg_extension e
            """),
    ]

    // MARK: DuckDB (postgres_scanner)

    private static let duckDB = [
        ClientQuery(
            "DuckDB version",
            "SELECT version(), (SELECT count(*) FROM pg_settings WHERE name LIKE 'rds%')"),
        ClientQuery(
            "DuckDB tables",
            """
            SELECT relname, relpages, attname, typname, atttypmod, attnotnull, NULL AS keys
            FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
            JOIN pg_type ON pg_type.oid = atttypid
            WHERE attnum > 0 AND relkind IN ('r', 'v') AND relnamespace = 'audit'::regnamespace
            UNION ALL SELECT relname, NULL, NULL, NULL, NULL, NULL, conkey
            FROM pg_class JOIN pg_constraint ON conrelid = pg_class.oid WHERE contype IN ('p', 'u')
            """),
        ClientQuery("DuckDB indexes", "SELECT tablename, indexname FROM pg_indexes"),
        ClientQuery(
            "DuckDB snapshot",
            """
            SELECT pg_is_in_recovery(), pg_export_snapshot(),
                (SELECT count(*) FROM pg_stat_wal_receiver)
            """),
    ]

    // MARK: Others

    private static let others = [
        ClientQuery(
            "psqlODBC tables",
            """
            SELECT relname FROM pg_catalog.pg_class c
            WHERE relkind IN ('r', 'v') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
            """),
        ClientQuery(
            "dbt relations",
            "SELECT viewname FROM pg_views WHERE schemaname ILIKE 'audit'"),
        ClientQuery(
            "pgcli functions",
            """
            SELECT p.proname, coalesce(proallargtypes::regtype[], proargtypes::regtype[])::text[],
                prorettype::regtype::text FROM pg_catalog.pg_proc p
            WHERE p.prorettype::regtype <> 'trigger'::regtype
            """),
        ClientQuery(
            "SQL of the standard",
            """
            SELECT app, sum(cost_usd) FILTER (WHERE occurred_at > '2015-01-01'), grouping(app),
                rank() OVER (ORDER BY app), min(extract(year FROM now() AT TIME ZONE 'Europe/Berlin'))
            FROM audit.events
            WHERE (occurred_at, occurred_at) OVERLAPS (timestamptz '2015-01-01', interval '50 years')
                AND overlay(app PLACING 'x' FROM 1) <> '' AND substring(app FROM 1 FOR 2) <> ''
            GROUP BY ROLLUP (app)
            """),
        ClientQuery(
            "format", "SELECT format('%s: %s', app, cost_usd::text) FROM audit.events LIMIT 1"),
    ]

    /// What tells of other sessions, or grows with the product of two sizes.
    private static let refused = [
        ClientQuery("DBeaver sessions", "SELECT * FROM pg_catalog.pg_stat_activity", hasRows: nil),
        ClientQuery("DBeaver locks", "SELECT * FROM pg_catalog.pg_locks", hasRows: nil),
        ClientQuery(
            "DBeaver available extensions", "SELECT name FROM pg_catalog.pg_available_extensions",
            hasRows: nil),
        ClientQuery(
            "JDBC getIndexInfo",
            """
            SELECT trim(both '"' FROM pg_catalog.pg_get_indexdef(i.indexrelid, 1, false))
            FROM pg_catalog.pg_index i
            """, hasRows: nil),
        ClientQuery(
            "a snapshot by its own name", "SELECT pg_catalog.pg_export_snapshot()", hasRows: nil),
    ]
}
