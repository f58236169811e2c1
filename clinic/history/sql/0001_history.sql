-- The history: which row was created, changed, deleted or read, by whom, when and through what (docs/history.md).
-- Triggers with the owner's rights write it in the transaction of the change; no caller's role has a grant to write it.
ALTER TABLE history_change ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY definer_reads ON history_change FOR SELECT TO clinic_definer USING (true);
CREATE POLICY definer_adds ON history_change FOR INSERT TO clinic_definer WITH CHECK (true);
CREATE POLICY definer_forgets ON history_change FOR DELETE TO clinic_definer USING (true);
GRANT SELECT, INSERT, DELETE ON history_change TO clinic_definer;

-- What stands here stays as it is, for its owner too. Only the owner, signed in as such, lets go of what is old.
CREATE FUNCTION history_stands() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP <> 'DELETE' OR NOT pg_has_role(session_user, 'clinic_definer', 'MEMBER') THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', TABLE = 'history_change', MESSAGE = 'history stands as it was written';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER stands BEFORE UPDATE OR DELETE OR TRUNCATE ON history_change
    FOR EACH STATEMENT EXECUTE FUNCTION history_stands();

-- Writes one line, about whoever acts. Who that is, the signed context says: none that is forged or another backend's. SQL
-- without a context is the owner's own. A web or service login that has lost its context in the middle of a statement
-- changes nothing that is watched: else a change could hide who made it.
CREATE FUNCTION history_write(
    p_table text, p_row text, p_action text, p_visit uuid, p_dentist uuid, p_fields text[], p_before jsonb, p_after jsonb
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who text[] := identity.context();
BEGIN
    IF who IS NULL AND NOT pg_has_role(session_user, 'clinic_definer', 'MEMBER') THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', TABLE = p_table, MESSAGE = 'who changes this must be known';
    END IF;
    INSERT INTO history_change
        (at, table_name, row_id, action, fields, before, after, user_id, role, source, login, visit_id, dentist_id)
    VALUES (clock_timestamp(), p_table, p_row, p_action, p_fields, p_before, p_after, nullif(who[2], '')::uuid,
            coalesce(who[1], ''), coalesce(who[6], 'sql'), CASE WHEN who IS NULL THEN session_user ELSE '' END,
            p_visit, p_dentist);
END
$$;

-- The trigger of every watched table. Arguments: the key's column, the columns whose values are kept, those that are not
-- worth a line, the column that names the visit, the one that names the dentist ('' for none).
-- Of a change it keeps the columns that changed; of a row that comes or goes, the kept values that are not empty.
CREATE FUNCTION history_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    kept CONSTANT text[] := TG_ARGV[1];
    ignored CONSTANT text[] := TG_ARGV[2];
    is_now jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    was jsonb;
    changed text[] := '{}';
    before jsonb := '{}';
    after jsonb := '{}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        was := to_jsonb(OLD);
        SELECT array_agg(key ORDER BY key),
               coalesce(jsonb_object_agg(key, was -> key) FILTER (WHERE key = ANY (kept)), '{}'),
               coalesce(jsonb_object_agg(key, value) FILTER (WHERE key = ANY (kept)), '{}')
          INTO changed, before, after
          FROM jsonb_each(is_now) WHERE value IS DISTINCT FROM was -> key AND key <> ALL (ignored);
        IF changed IS NULL THEN
            RETURN NULL;
        END IF;
    ELSE
        SELECT coalesce(jsonb_object_agg(name, is_now -> name), '{}') INTO after
          FROM unnest(kept) name WHERE is_now ->> name NOT IN ('', '[]');
        IF TG_OP = 'DELETE' THEN
            before := after;
            after := '{}';
        END IF;
    END IF;
    PERFORM history_write(
        TG_TABLE_NAME, is_now ->> TG_ARGV[0],
        CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'changed' ELSE 'deleted' END,
        (is_now ->> TG_ARGV[3])::uuid, (is_now ->> TG_ARGV[4])::uuid, changed, before, after);
    RETURN NULL;
END
$$;

-- Watches a table. What is not named in `p_kept` counts as personal: of it, only that it changed is written down.
CREATE FUNCTION history_watch(
    p_table regclass, p_kept text[], p_ignored text[] DEFAULT '{}', p_key text DEFAULT 'id',
    p_visit text DEFAULT '', p_dentist text DEFAULT ''
) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    unknown text[] := ARRAY(SELECT unnest(p_kept || p_ignored || p_key) EXCEPT
                            SELECT attname::text FROM pg_attribute WHERE attrelid = p_table AND attnum > 0 AND NOT attisdropped);
    call text := format('EXECUTE FUNCTION history_note(%L, %L, %L, %L, %L)', p_key, p_kept, p_ignored, p_visit, p_dentist);
BEGIN
    IF unknown <> '{}' THEN
        RAISE EXCEPTION 'no such columns in %: %', p_table, unknown;
    END IF;
    EXECUTE format('CREATE TRIGGER history_comes AFTER INSERT OR DELETE ON %s FOR EACH ROW %s', p_table, call);
    EXECUTE format('CREATE TRIGGER history_changes AFTER UPDATE ON %s FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) %s', p_table, call);
END
$$;

REVOKE ALL ON FUNCTION history_stands(), history_note(),
    history_write(text, text, text, uuid, uuid, text[], jsonb, jsonb),
    history_watch(regclass, text[], text[], text, text, text) FROM PUBLIC;
