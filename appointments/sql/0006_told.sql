-- Visits in live sync (docs/realtime.md).

CREATE FUNCTION appointments_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one CONSTANT appointments_appointment := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    was appointments_appointment;  -- the time that was taken before, and the one that is taken now: null without one
    is_now appointments_appointment;
    ignored text[] := '{dentist_name, dentist_email, updated_at}';
    channels text[] := ARRAY['clinic', 'sync', 'visit.' || one.id, 'account.' || one.account_id, 'schedule.' || one.dentist_id];
    body jsonb := jsonb_build_object('id', one.id, 'status', one.status, 'dentist_id', one.dentist_id,
                                     'start', realtime_instant(one.starts_at), 'end', realtime_instant(one.ends_at),
                                     'source', one.booking_source);
    before jsonb := '{}';
    open jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        -- That a dentist was renamed or has left is told once, not once a visit.
        IF NEW.dentist_id IS NULL THEN
            ignored := ignored || '{dentist_id}';
        END IF;
        IF to_jsonb(OLD) - ignored = to_jsonb(NEW) - ignored THEN
            RETURN NULL;
        END IF;
        channels := channels || ARRAY['account.' || OLD.account_id, 'schedule.' || OLD.dentist_id];
        IF OLD.status <> NEW.status THEN
            before := before || jsonb_build_object('status', OLD.status);
        END IF;
        IF OLD.dentist_id IS DISTINCT FROM NEW.dentist_id THEN
            before := before || jsonb_build_object('dentist_id', OLD.dentist_id);
        END IF;
        IF (OLD.starts_at, OLD.ends_at) IS DISTINCT FROM (NEW.starts_at, NEW.ends_at) THEN
            before := before || jsonb_build_object('start', realtime_instant(OLD.starts_at), 'end', realtime_instant(OLD.ends_at));
        END IF;
        body := body || jsonb_build_object('previous', before);
    END IF;
    IF TG_OP <> 'INSERT' AND appointments_holds_time(OLD.status) AND OLD.dentist_id IS NOT NULL THEN
        was := OLD;
    END IF;
    IF TG_OP <> 'DELETE' AND appointments_holds_time(NEW.status) AND NEW.dentist_id IS NOT NULL THEN
        is_now := NEW;
    END IF;
    open := availability_slots_changed(
        was.dentist_id, was.starts_at - make_interval(mins => was.buffer_before_minutes),
        was.ends_at + make_interval(mins => was.buffer_after_minutes),
        is_now.dentist_id, is_now.starts_at - make_interval(mins => is_now.buffer_before_minutes),
        is_now.ends_at + make_interval(mins => is_now.buffer_after_minutes));
    IF open IS NOT NULL THEN
        channels := channels || ARRAY['availability', 'availability.' || was.dentist_id, 'availability.' || is_now.dentist_id];
    END IF;
    PERFORM realtime_write('appointment.' || CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END,
                           channels, body, CASE WHEN open IS NOT NULL THEN 'slots.changed' END, open);
    RETURN NULL;
END
$$;
CREATE TRIGGER told AFTER INSERT OR DELETE ON appointments_appointment FOR EACH ROW EXECUTE FUNCTION appointments_told();
CREATE TRIGGER told_changed AFTER UPDATE ON appointments_appointment FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION appointments_told();

-- A dentist's new name or email: one event, for everybody with a visit that it stands on.
CREATE FUNCTION appointments_dentist_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    channels text[] := ARRAY['availability', 'availability.' || NEW.id, 'schedule.' || NEW.id, 'clinic', 'sync'];
    body CONSTANT jsonb := jsonb_build_object('dentist_id', NEW.id);
BEGIN
    SELECT channels || coalesce(array_agg(DISTINCT c), '{}') INTO channels
      FROM appointments_appointment a, unnest(ARRAY['account.' || a.account_id, 'visit.' || a.id]) c
     WHERE a.dentist_id = NEW.id AND a.ends_at > clock_timestamp() AND c IS NOT NULL;
    PERFORM realtime_write('dentist.updated', channels, body, 'dentist.updated', body);
    RETURN NULL;
END
$$;
CREATE TRIGGER told_renamed AFTER UPDATE ON dentists_dentist FOR EACH ROW
    WHEN (OLD.name <> NEW.name OR OLD.email <> NEW.email) EXECUTE FUNCTION appointments_dentist_told();

REVOKE ALL ON FUNCTION appointments_told(), appointments_dentist_told() FROM PUBLIC;
