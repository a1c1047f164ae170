-- What a query may call: functions whose time is bounded by the sizes of their arguments or which
-- heed a cancel; everything else is revoked (docs/decisions/0052). And what the server is told of a
-- password: its verifier.

-- Who may call every function all the same: our own roles, and others that use the database.
DO $$
BEGIN
    CREATE ROLE tally_functions NOLOGIN;
EXCEPTION WHEN duplicate_object THEN
    NULL;
END $$;
GRANT tally_functions TO tally_owner, tally_service;

SET LOCAL ROLE tally_owner;

-- Refuses work that grows with the product of two sizes and could not be cancelled.
CREATE FUNCTION tally.check_work(a bigint, b bigint) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'values of % and % bytes are too long to be compared', a, b
        USING ERRCODE = 'program_limit_exceeded',
            HINT = 'the product of both lengths may be 1,000,000,000';
END $$;

-- Refuses a result that would be longer than a megabyte.
CREATE FUNCTION tally.check_length(bytes bigint) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a text of % bytes is too long', bytes
        USING ERRCODE = 'program_limit_exceeded', HINT = 'a function may make 1,048,576';
END $$;

-- Makes a stand-in for a built-in function of two values, in the schema that auditors search first.
--
-- It runs as its owner, who may call the built-in one. A SET clause would cost 15 µs a call, so
-- every name is qualified instead.
CREATE FUNCTION tally.bound_function(
    signature text, result text, call text, size_a text, size_b text
) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $bound$
BEGIN
    EXECUTE format($function$
        CREATE FUNCTION audit.%s RETURNS %s
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SECURITY DEFINER AS $$
        BEGIN
            IF %s OPERATOR(pg_catalog.*) %s OPERATOR(pg_catalog.>) 1000000000 THEN
                PERFORM tally.check_work(%3$s, %4$s);
            END IF;
            RETURN %s;
        END $$
        $function$, signature, result, size_a, size_b, call);
END $bound$;

-- The same for a function that makes a long text of short ones.
CREATE FUNCTION tally.bound_length(signature text, call text, bytes text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $bound$
BEGIN
    EXECUTE format($function$
        CREATE FUNCTION audit.%s RETURNS text
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SECURITY DEFINER AS $$
        BEGIN
            IF %s OPERATOR(pg_catalog.>) 1048576 THEN PERFORM tally.check_length(%2$s); END IF;
            RETURN %s;
        END $$
        $function$, signature, bytes, call);
END $bound$;

-- Lengths are bigint, so that their product does not overflow.
SELECT tally.bound_length('repeat(text, integer)', 'pg_catalog.repeat($1, $2)',
    'pg_catalog.int8(pg_catalog.octet_length($1)) OPERATOR(pg_catalog.*) $2');
SELECT tally.bound_length('lpad(text, integer)', 'pg_catalog.lpad($1, $2)',
    'pg_catalog.int8($2) OPERATOR(pg_catalog.*) 1');
SELECT tally.bound_length('rpad(text, integer)', 'pg_catalog.rpad($1, $2)',
    'pg_catalog.int8($2) OPERATOR(pg_catalog.*) 1');
SELECT tally.bound_length('lpad(text, integer, text)', 'pg_catalog.lpad($1, $2, $3)',
    'pg_catalog.int8($2) OPERATOR(pg_catalog.*) 4');
SELECT tally.bound_length('rpad(text, integer, text)', 'pg_catalog.rpad($1, $2, $3)',
    'pg_catalog.int8($2) OPERATOR(pg_catalog.*) 4');

SELECT tally.bound_function(signature, result, call,
    'pg_catalog.int8(pg_catalog.octet_length($1))', 'pg_catalog.octet_length($2)')
FROM (VALUES
    ('strpos(text, text)', 'integer', 'pg_catalog.strpos($1, $2)'),
    ('replace(text, text, text)', 'text', 'pg_catalog.replace($1, $2, $3)'),
    ('translate(text, text, text)', 'text', 'pg_catalog.translate($1, $2, $3)'),
    ('split_part(text, text, integer)', 'text', 'pg_catalog.split_part($1, $2, $3)'),
    ('btrim(text, text)', 'text', 'pg_catalog.btrim($1, $2)'),
    ('ltrim(text, text)', 'text', 'pg_catalog.ltrim($1, $2)'),
    ('rtrim(text, text)', 'text', 'pg_catalog.rtrim($1, $2)'),
    ('text_like(text, text)', 'boolean', '$1 OPERATOR(pg_catalog.~~) $2'),
    ('text_not_like(text, text)', 'boolean', '$1 OPERATOR(pg_catalog.!~~) $2'),
    ('text_ilike(text, text)', 'boolean', '$1 OPERATOR(pg_catalog.~~*) $2'),
    ('text_not_ilike(text, text)', 'boolean', '$1 OPERATOR(pg_catalog.!~~*) $2')
) AS functions (signature, result, call);

SELECT tally.bound_function(signature, 'boolean', call,
    'pg_catalog.int8(pg_catalog.pg_column_size($1))', 'pg_catalog.pg_column_size($2)')
FROM (VALUES
    ('array_overlaps(anyarray, anyarray)', '$1 OPERATOR(pg_catalog.&&) $2'),
    ('array_contains(anyarray, anyarray)', '$1 OPERATOR(pg_catalog.@>) $2'),
    ('array_contained(anyarray, anyarray)', '$1 OPERATOR(pg_catalog.<@) $2'),
    ('json_contains(jsonb, jsonb)', '$1 OPERATOR(pg_catalog.@>) $2'),
    ('json_contained(jsonb, jsonb)', '$1 OPERATOR(pg_catalog.<@) $2')
) AS functions (signature, call);

CREATE OPERATOR audit.~~ (FUNCTION = audit.text_like, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR audit.!~~ (FUNCTION = audit.text_not_like, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR audit.~~* (FUNCTION = audit.text_ilike, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR audit.!~~* (FUNCTION = audit.text_not_ilike, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR audit.&& (
    FUNCTION = audit.array_overlaps, LEFTARG = anyarray, RIGHTARG = anyarray);
CREATE OPERATOR audit.@> (
    FUNCTION = audit.array_contains, LEFTARG = anyarray, RIGHTARG = anyarray);
CREATE OPERATOR audit.<@ (
    FUNCTION = audit.array_contained, LEFTARG = anyarray, RIGHTARG = anyarray);
CREATE OPERATOR audit.@> (FUNCTION = audit.json_contains, LEFTARG = jsonb, RIGHTARG = jsonb);
CREATE OPERATOR audit.<@ (FUNCTION = audit.json_contained, LEFTARG = jsonb, RIGHTARG = jsonb);

-- An array has no delimiter of its own to search for where it is NULL, so this is not STRICT.
CREATE FUNCTION audit.string_to_array(text, text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SECURITY DEFINER AS $$
BEGIN
    IF pg_catalog.int8(pg_catalog.octet_length($1)) OPERATOR(pg_catalog.*)
        pg_catalog.octet_length($2) OPERATOR(pg_catalog.>) 1000000000
    THEN
        PERFORM tally.check_work(
            pg_catalog.octet_length($1), pg_catalog.octet_length($2));
    END IF;
    RETURN pg_catalog.string_to_array($1, $2);
END $$;

-- A body that names a schema is read again wherever it is not inlined, by whoever asks; this one is
-- read once.
CREATE OR REPLACE FUNCTION tally.token_bucket_middle(bucket integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN tally.duration_bucket_middle(bucket);

DROP FUNCTION tally.bound_function(text, text, text, text, text);
DROP FUNCTION tally.bound_length(text, text, text);

RESET ROLE;

-- The built-in functions that everybody may call. They heed a cancel, or are done in time linear in
-- the sizes of their arguments, and make no long values of short ones. What is not here (XML,
-- full text, geometry, files, locks, settings, signals, statistics of others) is nobody's.
CREATE FUNCTION tally.audit_allowed() RETURNS SETOF regprocedure
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
    WITH scalars AS (
        SELECT pg_type.oid, typarray FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace
            AND typname IN (
                'bool', 'char', 'name', 'int8', 'int2', 'int4', 'float4', 'float8', 'text', 'varchar',
                'bpchar', 'numeric', 'date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval',
                'uuid', 'bytea', 'json', 'jsonb', 'record', 'oid', 'xid', 'cid', 'tid', 'aclitem',
                'regclass', 'regproc', 'regprocedure', 'regoper', 'regoperator', 'regtype', 'regrole',
                'regnamespace', 'regcollation', 'regconfig', 'regdictionary', 'int2vector',
                'oidvector', 'pg_node_tree')
    ),
    types AS (
        SELECT oid FROM scalars UNION SELECT typarray FROM scalars WHERE typarray <> 0
        UNION SELECT oid FROM pg_type WHERE typname IN (
            'cstring', 'any', 'anyelement', 'anyarray', 'anynonarray', 'anyenum', 'anycompatible',
            'anycompatiblearray', 'anycompatiblenonarray')
            AND typnamespace = 'pg_catalog'::regnamespace
    ),
    -- Time that grows with the product of two sizes; those of use have stand-ins in audit.
    deaf (name) AS (VALUES
        ('textlike'), ('textnlike'), ('texticlike'), ('texticnlike'), ('bpcharlike'),
        ('bpcharnlike'), ('bpchariclike'), ('bpcharicnlike'), ('bytealike'), ('byteanlike'),
        ('arrayoverlap'), ('arraycontains'), ('arraycontained'), ('jsonb_contains'),
        ('jsonb_contained'), ('jsonb_exists_any'), ('jsonb_exists_all'), ('jsonb_delete'),
        ('jsonb_delete_path'), ('jsonb_concat'), ('jsonb_path_exists_opr'),
        ('jsonb_path_match_opr'), ('ts_match_tt')
    ),
    -- What an expression needs beneath its operators, casts and IN lists.
    implied AS (
        SELECT oprcode::oid AS oid FROM pg_operator
        UNION SELECT castfunc FROM pg_cast
        UNION SELECT unnest(ARRAY[typinput, typoutput]::oid[]) FROM pg_type
            WHERE pg_type.oid IN (SELECT oid FROM types)
        UNION SELECT amproc FROM pg_amproc JOIN pg_opfamily ON pg_opfamily.oid = amprocfamily
            JOIN pg_am ON pg_am.oid = opfmethod
            WHERE amname = 'hash' AND amprocnum = 1
    ),
    named (name) AS (SELECT unnest(string_to_array($names$
        count,sum,avg,min,max,bool_and,bool_or,every,bit_and,bit_or,string_agg,array_agg,json_agg,
        jsonb_agg,json_object_agg,jsonb_object_agg,mode,percentile_cont,percentile_disc,corr,
        covar_pop,covar_samp,regr_avgx,regr_avgy,regr_count,regr_intercept,regr_r2,regr_slope,
        regr_sxx,regr_sxy,regr_syy,stddev,stddev_pop,stddev_samp,variance,var_pop,var_samp,
        row_number,rank,dense_rank,percent_rank,cume_dist,ntile,lag,lead,first_value,last_value,
        nth_value,grouping,
        abs,ceil,ceiling,floor,round,trunc,sign,sqrt,cbrt,exp,ln,log,log10,power,pow,mod,div,gcd,
        scale,min_scale,trim_scale,width_bucket,random,pi,degrees,radians,
        sin,cos,tan,asin,acos,atan,atan2,
        length,char_length,character_length,octet_length,bit_length,lower,upper,initcap,concat,
        concat_ws,left,right,reverse,substr,substring,overlay,btrim,ltrim,rtrim,ascii,chr,
        starts_with,quote_ident,quote_literal,quote_nullable,md5,sha224,sha256,sha384,sha512,
        encode,decode,convert_from,convert_to,to_hex,get_byte,like_escape,similar_to_escape,
        similar_escape,regexp_replace,regexp_match,regexp_matches,regexp_count,regexp_instr,
        regexp_like,regexp_substr,regexp_split_to_array,regexp_split_to_table,
        to_char,to_date,to_number,to_timestamp,date_part,extract,date_trunc,date_bin,age,now,
        clock_timestamp,statement_timestamp,transaction_timestamp,timeofday,make_date,make_time,
        make_timestamp,make_timestamptz,make_interval,justify_days,justify_hours,justify_interval,
        isfinite,timezone,generate_series,
        array_length,array_upper,array_lower,array_ndims,array_dims,cardinality,array_to_string,
        array_append,array_prepend,array_cat,array_position,array_positions,array_remove,
        array_replace,trim_array,unnest,generate_subscripts,
        row_to_json,array_to_json,to_json,to_jsonb,json_build_object,jsonb_build_object,
        json_build_array,jsonb_build_array,json_typeof,jsonb_typeof,json_array_length,
        jsonb_array_length,json_array_elements,jsonb_array_elements,json_array_elements_text,
        jsonb_array_elements_text,json_each,jsonb_each,json_each_text,jsonb_each_text,
        json_object_keys,jsonb_object_keys,json_extract_path,jsonb_extract_path,
        json_extract_path_text,jsonb_extract_path_text,jsonb_pretty,json_strip_nulls,
        jsonb_strip_nulls,
        gen_random_uuid,num_nulls,num_nonnulls,
        int2send,int4send,int8send,textsend,nameconcatoid,
        version,current_database,current_schema,current_schemas,current_user,session_user,user,
        getpgusername,current_setting,pg_typeof,pg_collation_for,pg_column_size,pg_backend_pid,
        pg_is_in_recovery,pg_postmaster_start_time,pg_conf_load_time,pg_my_temp_schema,
        pg_is_other_temp_schema,pg_client_encoding,getdatabaseencoding,pg_encoding_to_char,
        pg_char_to_encoding,pg_encoding_max_length,pg_size_pretty,pg_size_bytes,
        pg_relation_size,pg_table_size,pg_indexes_size,pg_total_relation_size,pg_database_size,
        pg_get_userbyid,pg_get_viewdef,pg_get_expr,pg_get_constraintdef,pg_get_indexdef,
        pg_get_ruledef,pg_get_triggerdef,pg_get_functiondef,pg_get_function_arguments,
        pg_get_function_identity_arguments,pg_get_function_arg_default,pg_get_function_result,
        pg_get_function_sqlbody,pg_get_partkeydef,pg_get_partition_constraintdef,
        pg_get_serial_sequence,pg_get_statisticsobjdef,pg_get_statisticsobjdef_columns,
        pg_get_keywords,pg_get_replica_identity_index,pg_index_column_has_property,
        pg_index_has_property,pg_indexam_has_property,pg_sequence_parameters,
        pg_sequence_last_value,pg_relation_is_updatable,pg_column_is_updatable,
        pg_relation_is_publishable,pg_partition_tree,pg_partition_ancestors,pg_partition_root,
        pg_tablespace_location,pg_options_to_table,pg_describe_object,pg_identify_object,
        pg_timezone_names,pg_timezone_abbrevs,pg_listening_channels,
        format_type,obj_description,col_description,shobj_description,aclexplode,acldefault,
        row_security_active,pg_has_role,has_any_column_privilege,has_column_privilege,
        has_database_privilege,has_foreign_data_wrapper_privilege,has_function_privilege,
        has_language_privilege,has_parameter_privilege,has_schema_privilege,
        has_sequence_privilege,has_server_privilege,has_table_privilege,
        has_tablespace_privilege,has_type_privilege,
        pg_table_is_visible,pg_type_is_visible,pg_function_is_visible,pg_operator_is_visible,
        pg_opclass_is_visible,pg_opfamily_is_visible,pg_collation_is_visible,
        pg_conversion_is_visible,pg_statistics_obj_is_visible,pg_ts_config_is_visible,
        pg_ts_dict_is_visible,pg_ts_parser_is_visible,pg_ts_template_is_visible,
        to_regclass,to_regproc,to_regprocedure,to_regoper,to_regoperator,to_regtype,to_regrole,
        to_regnamespace,to_regcollation,pg_show_all_settings,pg_settings_get_flags
        $names$, ',')))
    SELECT pg_proc.oid::regprocedure FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
        AND proargtypes::oid[] || prorettype <@ ARRAY(SELECT oid FROM types)
        AND proname NOT IN (SELECT name FROM deaf)
        AND (proname IN (SELECT trim(both E' \n' from name) FROM named)
            OR pg_proc.oid IN (SELECT oid FROM implied))
        -- The set of characters makes it a product.
        AND NOT (proname IN ('btrim', 'ltrim', 'rtrim') AND pronargs = 2)
$$;

-- The built-in functions that are nobody's. What takes `internal` cannot be called in SQL.
CREATE OR REPLACE FUNCTION tally.audit_forbidden() RETURNS SETOF regprocedure
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT pg_proc.oid::regprocedure FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
        AND NOT 'internal'::regtype = ANY (proargtypes::oid[])
        AND pg_proc.oid NOT IN (SELECT allowed::oid FROM tally.audit_allowed() AS allowed)
$$;

-- Takes these from everybody and gives them back to tally_functions; returns whether it could.
--
-- It asks for a superuser. One may call it again at any time: after a new version of PostgreSQL has
-- brought further functions, or where the migration ran without one. tally.audit_exposed() lists
-- what is open.
CREATE FUNCTION tally.revoke_forbidden() RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    forbidden text := (
        SELECT string_agg(routine::text, ', ') FROM tally.audit_forbidden() AS routine);
BEGIN
    EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', forbidden);
    EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO tally_functions', forbidden);
    RETURN true;
EXCEPTION WHEN insufficient_privilege THEN
    RETURN false;
END $$;
REVOKE ALL ON FUNCTION tally.revoke_forbidden() FROM PUBLIC;

DO $$
BEGIN
    IF NOT tally.revoke_forbidden() THEN
        RAISE NOTICE 'without a superuser, no function could be revoked: see docs/audit.md';
    END IF;
END $$;

-- Auditors meet the stand-ins first.
DO $$
DECLARE
    role name;
BEGIN
    FOR role IN
        SELECT rolname FROM tally.audit_roles JOIN pg_roles ON rolname = role_name
        JOIN pg_database ON pg_database.oid = database_id
        WHERE datname = current_database()
    LOOP
        EXECUTE format('ALTER ROLE %I SET search_path = audit, pg_catalog', role);
    END LOOP;
END $$;

-- Passwords are sent as the verifiers that PostgreSQL keeps, so no log has them. The service's own
-- roles get theirs when they are next made or mended.
ALTER TABLE tally.audit_roles ADD COLUMN verifier text;

-- Makes a role one that may only look, with the password of this verifier.
--
-- It is a member of nothing, owns nothing and may connect to this database only.
DROP FUNCTION tally.limit_audit_role(name, text);
CREATE FUNCTION tally.limit_audit_role(role name, verifier text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    setting text;
BEGIN
    IF verifier NOT LIKE 'SCRAM-SHA-256$%' THEN
        RAISE EXCEPTION 'that is no verifier' USING ERRCODE = 'invalid_password';
    END IF;
    IF EXISTS (
        SELECT FROM pg_roles LEFT JOIN pg_auth_members ON member = pg_roles.oid
        WHERE rolname = role AND (member IS NOT NULL OR rolsuper OR rolcreaterole
            OR rolcreatedb OR rolreplication OR rolbypassrls))
    THEN
        RAISE EXCEPTION 'role % has rights that an auditor must not have', role
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN NOINHERIT CONNECTION LIMIT 16 PASSWORD %L', role, verifier);
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role);
    FOREACH setting IN ARRAY ARRAY[
        'default_transaction_read_only = on', 'search_path = audit, pg_catalog', 'timezone = UTC',
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
-- role that is there already stays, unless its verifier is not known.
DROP FUNCTION tally.ensure_audit_role(bigint, text);
CREATE FUNCTION tally.ensure_audit_role(
    ledger bigint, new_password text, new_verifier text
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    database oid := (SELECT oid FROM pg_database WHERE datname = current_database());
    role name := format('tally_audit_%s_%s', database, coalesce(ledger::text, 'all'));
    known text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('tally.ensure_audit_role', 0));
    IF ledger IS NOT NULL AND NOT EXISTS (
        SELECT FROM tally.ledgers WHERE ledgers.ledger_id = ledger)
    THEN
        RAISE EXCEPTION 'there is no ledger %', ledger USING ERRCODE = 'no_data_found';
    END IF;
    INSERT INTO tally.audit_roles AS roles (database_id, role_name, ledger_id, password, verifier)
    VALUES (database, role, ledger, new_password, new_verifier)
    ON CONFLICT (database_id, role_name) DO UPDATE
    SET password = excluded.password, verifier = excluded.verifier WHERE roles.verifier IS NULL;
    SELECT verifier INTO known FROM tally.audit_roles
    WHERE database_id = database AND role_name = role;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
        EXECUTE format('CREATE ROLE %I', role);
    END IF;
    PERFORM tally.limit_audit_role(role, known);
    RETURN role;
END $$;
REVOKE ALL ON FUNCTION tally.ensure_audit_role(bigint, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tally.ensure_audit_role(bigint, text, text) TO tally_service;
