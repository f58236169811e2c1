-- procrastinate's tables and functions belong to the owner. Jobs are enqueued by triggers with the owner's rights, in the
-- transaction of the change; the worker, alone, takes and finishes them as app_service. Nobody else may touch them.
-- procrastinate asks on its own connections, which carry no signed context, so its policies go by the role: only the
-- service's login can step into it.
DO $$
DECLARE
    named text;
BEGIN
    FOREACH named IN ARRAY ARRAY['procrastinate_jobs', 'procrastinate_events', 'procrastinate_periodic_defers', 'procrastinate_workers'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', named);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO app_service', named);
        EXECUTE format('CREATE POLICY service ON %I TO app_service USING (true) WITH CHECK (true)', named);
        EXECUTE format('CREATE POLICY definer ON %I TO clinic_definer USING (true) WITH CHECK (true)', named);
        EXECUTE format('GRANT ALL ON %I TO clinic_definer', named);
        EXECUTE format('GRANT USAGE ON SEQUENCE %I TO app_service, clinic_definer', named || '_id_seq');
    END LOOP;
    FOR named IN SELECT p.oid::regprocedure::text FROM pg_proc p
                  WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'procrastinate\_%' LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', named);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO app_service, clinic_definer', named);
    END LOOP;
END
$$;

-- Whether a worker has shown itself of late, by the database's clock. Says yes or no, to whoever asks.
CREATE FUNCTION jobs_worker_is_there(p_silence interval) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM procrastinate_workers w WHERE w.last_heartbeat > clock_timestamp() - p_silence)
$$;
REVOKE ALL ON FUNCTION jobs_worker_is_there(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION jobs_worker_is_there(interval)
    TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot, app_service;
