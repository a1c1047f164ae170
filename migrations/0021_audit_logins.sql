-- Logins for people's own tools, such as Metabase, Grafana or psql: each is a role of its own that
-- sees one ledger, or all, through the views of the schema audit, within the limits of queries.

SET LOCAL ROLE tally_owner;

-- Only whoever uses a login knows its password; the service knows those of its own roles.
ALTER TABLE tally.audit_roles
    ALTER COLUMN password DROP NOT NULL,
    ADD COLUMN login text COLLATE "C",
    ADD CONSTRAINT audit_roles_login UNIQUE (database_id, login),
    ADD CONSTRAINT audit_roles_password CHECK ((login IS NULL) = (password IS NOT NULL));

RESET ROLE;

-- Makes a role one that may only look, with this password.
--
-- It is a member of nothing, owns nothing and may connect to this database only.
CREATE FUNCTION tally.limit_audit_role(role name, secret text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    setting text;
BEGIN
    IF length(secret) < 16 THEN
        RAISE EXCEPTION 'the password is too short' USING ERRCODE = 'invalid_password';
    END IF;
    IF EXISTS (
        SELECT FROM pg_roles LEFT JOIN pg_auth_members ON member = pg_roles.oid
        WHERE rolname = role AND (member IS NOT NULL OR rolsuper OR rolcreaterole
            OR rolcreatedb OR rolreplication OR rolbypassrls))
    THEN
        RAISE EXCEPTION 'role % has rights that an auditor must not have', role
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN NOINHERIT CONNECTION LIMIT 16 PASSWORD %L', role, secret);
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role);
    FOREACH setting IN ARRAY ARRAY[
        'default_transaction_read_only = on', 'search_path = audit', 'timezone = UTC',
        'statement_timeout = ''120s''', 'lock_timeout = ''5s''',
        'idle_in_transaction_session_timeout = ''120s''', 'idle_session_timeout = ''10min''',
        'client_connection_check_interval = ''2s''', 'work_mem = ''32MB''',
        'max_parallel_workers_per_gather = 0', 'jit = off', 'constraint_exclusion = partition',
        'temp_file_limit = ''1GB'''
    ] LOOP
        BEGIN
            EXECUTE format('ALTER ROLE %I SET %s', role, setting);
        EXCEPTION WHEN insufficient_privilege THEN
            -- temp_file_limit asks for a superuser; without one the server's own limit holds.
            RAISE NOTICE 'role % goes without %', role, setting;
        END;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION tally.limit_audit_role(name, text) FROM PUBLIC;

-- Makes the login role that sees one ledger, or all of them for NULL; gives back its name.
--
-- It belongs to whoever migrates, who may create roles; nobody else needs to. The password of a
-- role that is there already stays.
CREATE OR REPLACE FUNCTION tally.ensure_audit_role(ledger bigint, new_password text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    database oid := (SELECT oid FROM pg_database WHERE datname = current_database());
    role name := format('tally_audit_%s_%s', database, coalesce(ledger::text, 'all'));
    secret text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('tally.ensure_audit_role', 0));
    IF ledger IS NOT NULL AND NOT EXISTS (
        SELECT FROM tally.ledgers WHERE ledgers.ledger_id = ledger)
    THEN
        RAISE EXCEPTION 'there is no ledger %', ledger USING ERRCODE = 'no_data_found';
    END IF;
    INSERT INTO tally.audit_roles (database_id, role_name, ledger_id, password)
    VALUES (database, role, ledger, new_password) ON CONFLICT DO NOTHING;
    SELECT password INTO secret FROM tally.audit_roles
    WHERE database_id = database AND role_name = role;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
        EXECUTE format('CREATE ROLE %I', role);
    END IF;
    PERFORM tally.limit_audit_role(role, secret);
    RETURN role;
END $$;

-- The role of a login; names begin with a letter, so none is that of a role of the service.
CREATE FUNCTION tally.audit_login_role(login text) RETURNS name
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$ SELECT ('tally_audit_' || login)::name $$;
REVOKE ALL ON FUNCTION tally.audit_login_role(text) FROM PUBLIC;

-- Makes a login for a ledger, or all of them for NULL; gives back its role, or NULL if the name is
-- taken, by a role of another database too.
CREATE FUNCTION tally.create_audit_login(new_login text, ledger bigint, secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    role name := tally.audit_login_role(new_login);
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('tally.ensure_audit_role', 0));
    IF new_login !~ '^[a-z][a-z0-9_-]{0,39}$' THEN
        RAISE EXCEPTION '% is not a name of a login', new_login
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN RETURN NULL; END IF;
    EXECUTE format('CREATE ROLE %I', role);
    PERFORM tally.limit_audit_role(role, secret);
    INSERT INTO tally.audit_roles (database_id, role_name, ledger_id, login)
    SELECT oid, role, ledger, new_login FROM pg_database WHERE datname = current_database()
    ON CONFLICT (database_id, role_name) DO UPDATE SET ledger_id = excluded.ledger_id,
        login = excluded.login, created_at = now();
    RETURN role;
END $$;
REVOKE ALL ON FUNCTION tally.create_audit_login(text, bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tally.create_audit_login(text, bigint, text) TO tally_service;

-- Gives a login another password and ends its sessions; gives back its role, or NULL if there is no
-- such login.
CREATE FUNCTION tally.rotate_audit_login(known_login text, secret text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    role name := (
        SELECT role_name FROM tally.audit_roles JOIN pg_database ON oid = database_id
        WHERE datname = current_database() AND login = known_login);
BEGIN
    IF role IS NULL THEN RETURN NULL; END IF;
    -- A restored database may have lost its roles.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
        EXECUTE format('CREATE ROLE %I', role);
    END IF;
    PERFORM tally.limit_audit_role(role, secret);
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = role;
    RETURN role;
END $$;
REVOKE ALL ON FUNCTION tally.rotate_audit_login(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tally.rotate_audit_login(text, text) TO tally_service;

-- Removes a login and ends its sessions; gives back its role, or NULL if there is no such login.
CREATE FUNCTION tally.revoke_audit_login(known_login text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    role name;
BEGIN
    DELETE FROM tally.audit_roles USING pg_database
    WHERE oid = database_id AND datname = current_database() AND login = known_login
    RETURNING role_name INTO role;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
        EXECUTE format('ALTER ROLE %I NOLOGIN', role);
        PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = role;
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM %I', current_database(), role);
        EXECUTE format('DROP ROLE %I', role);
    END IF;
    RETURN role;
END $$;
REVOKE ALL ON FUNCTION tally.revoke_audit_login(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tally.revoke_audit_login(text) TO tally_service;
