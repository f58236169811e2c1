-- Hours, absences, closures and holds in live sync (docs/realtime.md).

-- Which time of a dentist was taken and which became free, as everybody may know it: null when none was.
CREATE FUNCTION availability_slots_changed(
    p_freed_of uuid, p_freed_from timestamptz, p_freed_until timestamptz, p_taken_of uuid, p_taken_from timestamptz, p_taken_until timestamptz
) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
BEGIN
    IF (p_freed_of, p_freed_from, p_freed_until) IS NOT DISTINCT FROM (p_taken_of, p_taken_from, p_taken_until) THEN
        RETURN NULL;
    END IF;
    RETURN jsonb_build_object(
        'freed', CASE WHEN p_freed_of IS NULL THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
            'dentist_id', p_freed_of, 'start', realtime_instant(p_freed_from), 'end', realtime_instant(p_freed_until))) END,
        'taken', CASE WHEN p_taken_of IS NULL THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
            'dentist_id', p_taken_of, 'start', realtime_instant(p_taken_from), 'end', realtime_instant(p_taken_until))) END);
END
$$;

CREATE FUNCTION availability_reservation_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one availability_reservation := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    was availability_reservation;
    is_now availability_reservation;
    open jsonb;
    channels text[] := '{clinic, sync}';
BEGIN
    IF TG_OP <> 'DELETE' THEN
        is_now := NEW;
    END IF;
    -- The time of a hold that becomes a visit was handed over before the hold goes: nothing was free in between.
    IF TG_OP = 'UPDATE' OR (TG_OP = 'DELETE' AND NOT EXISTS (
        SELECT FROM availability_occupancy o
         WHERE o.dentist_id = OLD.dentist_id AND tstzrange(o.starts_at, o.ends_at) && tstzrange(OLD.busy_from, OLD.busy_until))) THEN
        was := OLD;
    END IF;
    open := availability_slots_changed(was.dentist_id, was.busy_from, was.busy_until, is_now.dentist_id, is_now.busy_from, is_now.busy_until);
    IF open IS NOT NULL THEN
        channels := channels || ARRAY['availability', 'availability.' || one.dentist_id, 'availability.' || was.dentist_id];
    END IF;
    PERFORM realtime_write(
        'reservation.' || CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END, channels,
        jsonb_build_object('id', one.id, 'dentist_id', one.dentist_id, 'start', realtime_instant(one.starts_at),
                           'end', realtime_instant(one.ends_at), 'expires_at', realtime_instant(one.expires_at)),
        CASE WHEN open IS NOT NULL THEN 'slots.changed' END, open);
    RETURN NULL;
END
$$;
CREATE TRIGGER told AFTER INSERT OR DELETE ON availability_reservation FOR EACH ROW EXECUTE FUNCTION availability_reservation_told();
CREATE TRIGGER told_changed AFTER UPDATE ON availability_reservation FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION availability_reservation_told();

-- Hours, overrides and time off. A row that changes hands is news of both dentists.
CREATE FUNCTION availability_schedule_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    reason CONSTANT text := TG_ARGV[0];
    lines jsonb[] := '{}';
    line jsonb;
    dentist uuid;
    first date;
    last date;
    body jsonb;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        lines := lines || to_jsonb(OLD);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        lines := lines || to_jsonb(NEW);
    END IF;
    IF cardinality(lines) = 2 AND lines[1] ->> 'dentist_id' = lines[2] ->> 'dentist_id' AND reason = 'hours' THEN
        lines := lines[2:2];
    END IF;
    FOREACH line IN ARRAY lines LOOP
        dentist := (line ->> 'dentist_id')::uuid;
        IF reason = 'hours' THEN
            body := jsonb_build_object('dentist_id', dentist, 'day_of_week', line -> 'day_of_week');
        ELSIF reason = 'override' THEN
            first := (line ->> 'date')::date;
            last := first;
            body := jsonb_build_object('dentist_id', dentist, 'from', first, 'until', last);
        ELSE
            -- The clinic's zone is no business of the database: a day too wide is asked for in vain, at worst.
            first := ((line ->> 'starts_at')::timestamptz AT TIME ZONE 'UTC' - interval '14 hours')::date;
            last := ((line ->> 'ends_at')::timestamptz AT TIME ZONE 'UTC' + interval '14 hours')::date;
            body := jsonb_build_object('dentist_id', dentist, 'from', realtime_instant((line ->> 'starts_at')::timestamptz),
                                       'until', realtime_instant((line ->> 'ends_at')::timestamptz));
        END IF;
        PERFORM realtime_write(reason || '.changed',
                               ARRAY['availability', 'availability.' || dentist, 'schedule.' || dentist, 'clinic', 'sync'], body,
                               'availability.changed', dentists_availability_changed(dentist, reason, first, last));
    END LOOP;
    RETURN NULL;
END
$$;
DO $$
DECLARE
    watched text[];
BEGIN
    FOREACH watched SLICE 1 IN ARRAY ARRAY[
        ['availability_workinghours', 'hours'], ['availability_dateoverride', 'override'], ['availability_timeoff', 'time_off']] LOOP
        EXECUTE format('CREATE TRIGGER told AFTER INSERT OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION availability_schedule_told(%L)',
                       watched[1], watched[2]);
        EXECUTE format('CREATE TRIGGER told_changed AFTER UPDATE ON %I FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)'
                       ' EXECUTE FUNCTION availability_schedule_told(%L)', watched[1], watched[2]);
    END LOOP;
END
$$;

CREATE FUNCTION availability_closure_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first CONSTANT date := least(OLD.date, NEW.date);
    last CONSTANT date := greatest(OLD.date, NEW.date);
BEGIN
    PERFORM realtime_write('closure.changed', dentists_availability_channels() || ARRAY['clinic', 'sync'],
                           jsonb_build_object('from', first, 'until', last), 'availability.changed',
                           dentists_availability_changed(NULL, 'closure', first, last));
    RETURN NULL;
END
$$;
CREATE TRIGGER told AFTER INSERT OR DELETE ON availability_closure FOR EACH ROW EXECUTE FUNCTION availability_closure_told();
CREATE TRIGGER told_changed AFTER UPDATE ON availability_closure FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION availability_closure_told();

REVOKE ALL ON FUNCTION availability_slots_changed(uuid, timestamptz, timestamptz, uuid, timestamptz, timestamptz),
    availability_reservation_told(), availability_schedule_told(), availability_closure_told() FROM PUBLIC;
