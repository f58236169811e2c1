-- Dentists, treatments and the clinic's settings in live sync (docs/realtime.md).

-- Everybody who looks at times anywhere: what concerns all dentists is told on each one's channel.
CREATE FUNCTION dentists_availability_channels(p_dentists uuid[] DEFAULT NULL) RETURNS text[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT ARRAY['availability'] || coalesce(array_agg('availability.' || d.id), '{}')
      FROM dentists_dentist d WHERE p_dentists IS NULL OR d.id = ANY (p_dentists)
$$;

CREATE FUNCTION dentists_availability_changed(p_dentist uuid, p_reason text, p_from date DEFAULT NULL, p_until date DEFAULT NULL)
RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object('dentist_id', p_dentist, 'reason', p_reason, 'from', p_from, 'until', p_until)
$$;

-- Whose visits a name stands on, the rooms above know: they tell of it themselves.
CREATE FUNCTION dentists_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END;
    kind CONSTANT text := 'dentist.' || CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END;
    body CONSTANT jsonb := jsonb_build_object('dentist_id', one);
BEGIN
    PERFORM realtime_write(kind, ARRAY['availability', 'availability.' || one, 'schedule.' || one, 'clinic', 'sync'], body, kind, body);
    RETURN NULL;
END
$$;
CREATE TRIGGER told AFTER INSERT OR DELETE ON dentists_dentist FOR EACH ROW EXECUTE FUNCTION dentists_told();
CREATE TRIGGER told_changed AFTER UPDATE ON dentists_dentist FOR EACH ROW
    WHEN (OLD IS DISTINCT FROM NEW AND OLD.name = NEW.name AND OLD.email = NEW.email) EXECUTE FUNCTION dentists_told();

CREATE FUNCTION dentists_treatment_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END;
    offering uuid[] := ARRAY(SELECT o.dentist_id FROM dentists_offer o WHERE o.treatment_id = one);
BEGIN
    PERFORM realtime_write('treatment.changed', dentists_availability_channels(offering) || ARRAY['clinic', 'sync'],
                           jsonb_build_object('treatment_id', one), 'availability.changed',
                           dentists_availability_changed(NULL, 'treatment'));
    RETURN NULL;
END
$$;
CREATE TRIGGER told AFTER INSERT OR DELETE ON dentists_treatment FOR EACH ROW EXECUTE FUNCTION dentists_treatment_told();
CREATE TRIGGER told_changed AFTER UPDATE ON dentists_treatment FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION dentists_treatment_told();

CREATE FUNCTION dentists_offer_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one dentists_offer := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    PERFORM realtime_write('offer.changed',
                           ARRAY['availability', 'availability.' || one.dentist_id, 'schedule.' || one.dentist_id, 'clinic', 'sync'],
                           jsonb_build_object('dentist_id', one.dentist_id, 'treatment_id', one.treatment_id),
                           'availability.changed', dentists_availability_changed(one.dentist_id, 'offer'));
    RETURN NULL;
END
$$;
CREATE TRIGGER told AFTER INSERT OR DELETE ON dentists_offer FOR EACH ROW EXECUTE FUNCTION dentists_offer_told();
CREATE TRIGGER told_changed AFTER UPDATE ON dentists_offer FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION dentists_offer_told();

-- The clinic's settings decide what is offered, and when.
CREATE FUNCTION dentists_settings_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM realtime_write('settings.changed', dentists_availability_channels() || ARRAY['clinic', 'sync'], '{}',
                           'availability.changed', dentists_availability_changed(NULL, 'settings'));
    RETURN NULL;
END
$$;
CREATE TRIGGER told AFTER UPDATE ON core_clinicsettings FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION dentists_settings_told();

REVOKE ALL ON FUNCTION dentists_availability_channels(uuid[]), dentists_availability_changed(uuid, text, date, date), dentists_told(),
    dentists_treatment_told(), dentists_offer_told(), dentists_settings_told() FROM PUBLIC;
