-- Which changes of a visit its patient is told about. The rows are written, and their jobs enqueued, in the transaction of
-- the change, whoever makes it: so exactly what was committed is told, and nothing is told that was not.

ALTER TABLE notifications_message
    ADD CONSTRAINT message_visit_fk FOREIGN KEY (appointment_id) REFERENCES appointments_appointment (id) ON DELETE CASCADE;

-- The kind of message that a change calls for, NULL for none.
CREATE FUNCTION notifications_kind(p_was appointments_appointment, p_is appointments_appointment) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    planned CONSTANT text[] := '{pending,confirmed}';
BEGIN
    IF p_is.status = 'cancelled' AND p_was.status = ANY (planned) THEN
        RETURN CASE WHEN p_is.cancelled_by <> 'patient' AND p_is.cancellation_reason IN ('dentist_left', 'dentist_unavailable')
                    THEN 'dentist_unavailable' ELSE 'cancelled' END;
    ELSIF p_is.status <> ALL (planned) THEN
        RETURN NULL;
    ELSIF p_was.id IS NULL OR p_was.status = 'cancelled' THEN
        RETURN 'booked';
    ELSIF p_was.status <> ALL (planned) THEN
        RETURN NULL;  -- a step of the day was taken back
    ELSIF p_is.starts_at <> p_was.starts_at OR (p_is.dentist_id <> p_was.dentist_id) IS TRUE THEN
        RETURN 'moved';
    ELSIF p_was.status = 'pending' AND p_is.status = 'confirmed' THEN
        RETURN 'confirmed';
    END IF;
    RETURN NULL;
END
$$;

-- Visits that have begun, and patients without an address, are told nothing. Bulk loads of the owner's can keep it quiet;
-- the same setting made by anybody else's login is ignored.
CREATE FUNCTION notifications_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was appointments_appointment;
    due text;
BEGIN
    IF NEW.patient_email = '' OR NEW.starts_at <= clock_timestamp() THEN
        RETURN NULL;
    END IF;
    IF current_setting('clinic.quiet', true) = 'on' AND pg_has_role(session_user, 'clinic_definer', 'MEMBER') THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        was := OLD;
    END IF;
    due := notifications_kind(was, NEW);
    IF due IS NOT NULL THEN
        INSERT INTO notifications_message
            (id, appointment_id, kind, starts_at, ends_at, status, dentist_name, was_starts_at, was_dentist_name, by_patient)
        VALUES (gen_random_uuid(), NEW.id, due, NEW.starts_at, NEW.ends_at, NEW.status, NEW.dentist_name,
                was.starts_at, coalesce(was.dentist_name, ''), NEW.cancelled_by = 'patient');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER notes_booking AFTER INSERT ON appointments_appointment
    FOR EACH ROW EXECUTE FUNCTION notifications_note();
CREATE TRIGGER notes_change AFTER UPDATE ON appointments_appointment FOR EACH ROW
    WHEN (OLD.status <> NEW.status OR OLD.starts_at <> NEW.starts_at OR OLD.dentist_id IS DISTINCT FROM NEW.dentist_id)
    EXECUTE FUNCTION notifications_note();

-- A queued message has a job. The job says which message and nothing else; its lock keeps the messages of one visit in
-- their order.
CREATE FUNCTION notifications_enqueue() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
        'mail', 'notifications.send', 0, 'visit:' || NEW.appointment_id, NULL, jsonb_build_object('message_id', NEW.id), NULL
    )::procrastinate_job_to_defer_v1]);
    RETURN NULL;
END
$$;
CREATE TRIGGER enqueue_new AFTER INSERT ON notifications_message
    FOR EACH ROW WHEN (NEW.state = 'queued') EXECUTE FUNCTION notifications_enqueue();
CREATE TRIGGER enqueue_again AFTER UPDATE OF state ON notifications_message
    FOR EACH ROW WHEN (NEW.state = 'queued' AND OLD.state IN ('sent', 'failed', 'dropped'))
    EXECUTE FUNCTION notifications_enqueue();

REVOKE ALL ON FUNCTION notifications_note(), notifications_enqueue(),
    notifications_kind(appointments_appointment, appointments_appointment) FROM PUBLIC;

-- Messages: the worker sends and tidies; admins look, and send again. Nobody else sees them, nobody writes them by hand.
ALTER TABLE notifications_message ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, UPDATE, DELETE ON notifications_message TO app_service;
GRANT SELECT, UPDATE (state, round, attempts, last_error) ON notifications_message TO app_admin;
CREATE POLICY service_all ON notifications_message TO app_service USING ((SELECT identity.acts_as('service')));
CREATE POLICY admin_reads ON notifications_message FOR SELECT TO app_admin USING ((SELECT identity.acts_as('admin')));
CREATE POLICY admin_sends_again ON notifications_message FOR UPDATE TO app_admin
    USING ((SELECT identity.acts_as('admin'))) WITH CHECK (state = 'queued');
CREATE POLICY definer ON notifications_message TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON notifications_message TO clinic_definer;
