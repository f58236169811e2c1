-- Taken time (docs/booking.md). Visits and holds meet in one table, so one constraint refuses every overlap.

ALTER TABLE availability_occupancy
    ADD CONSTRAINT occupancy_dentist_fk FOREIGN KEY (dentist_id) REFERENCES dentists_dentist (id) ON DELETE CASCADE,
    -- A slot query looks back one day at the most for what reaches into its range; this keeps that true.
    ADD CONSTRAINT occupancy_under_a_day CHECK (ends_at - starts_at <= interval '24 hours'),
    ADD CONSTRAINT occupancy_hold_expires CHECK ((kind = 'hold') = (expires_at IS NOT NULL)),
    ADD CONSTRAINT occupancy_dentist_time EXCLUDE USING gist
        (dentist_id WITH =, tstzrange(starts_at, ends_at) WITH &&),
    ADD CONSTRAINT occupancy_person_time EXCLUDE USING gist
        (person_id WITH =, tstzrange(visit_starts_at, visit_ends_at) WITH &&) WHERE (person_id IS NOT NULL);

-- Says that a time is taken in the words of the constraint, so that every writer hears the same.
CREATE FUNCTION availability_refuse(p_constraint text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'exclusion_violation', CONSTRAINT = p_constraint, TABLE = 'availability_occupancy',
        MESSAGE = 'this time is taken (' || p_constraint || ')';
END
$$;

-- One person books one thing at a time: taken before any hold or slot is touched, so that locks have one order.
CREATE FUNCTION availability_lock_person(p_person uuid) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT pg_advisory_xact_lock(72031, hashtext(p_person::text))
$$;

-- Takes time for a source (an appointment or a hold), or refuses with the constraint's name.
--   p_was: the source whose time is given up for it: itself when it moves, a hold when it becomes a visit.
-- Never inserts over what it already has: it takes the missing part first and then replaces, so that two who move into
-- each other's place cannot wait for one another. ON CONFLICT waits for nobody who is not about to commit the same time.
CREATE FUNCTION availability_take(
    p_source uuid, p_was uuid, p_kind text, p_dentist uuid, p_person uuid,
    p_from timestamptz, p_until timestamptz, p_visit_from timestamptz, p_visit_until timestamptz,
    p_holder text, p_expires timestamptz
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine availability_occupancy;
    missing tstzmultirange := tstzmultirange(tstzrange(p_from, p_until));
    piece tstzrange;
    pieces uuid[] := '{}';
    piece_id uuid;
BEGIN
    IF p_person IS NOT NULL THEN
        PERFORM availability_lock_person(p_person);
        IF EXISTS (SELECT FROM availability_occupancy o
                    WHERE o.person_id = p_person AND o.source_id <> p_was
                      AND tstzrange(o.visit_starts_at, o.visit_ends_at) && tstzrange(p_visit_from, p_visit_until)) THEN
            PERFORM availability_refuse('occupancy_person_time');
        END IF;
    END IF;

    -- Holds that ran out still stand in the constraint: they go first, in one order.
    DELETE FROM availability_reservation WHERE id IN (
        SELECT r.id FROM availability_reservation r JOIN availability_occupancy o ON o.source_id = r.id
         WHERE o.dentist_id = p_dentist AND o.kind = 'hold' AND o.source_id <> p_was
           AND tstzrange(o.starts_at, o.ends_at) && tstzrange(p_from, p_until) AND r.expires_at <= clock_timestamp()
         ORDER BY r.id FOR UPDATE OF r);

    SELECT * INTO mine FROM availability_occupancy WHERE source_id = p_was FOR UPDATE;
    IF mine.source_id IS NOT NULL AND mine.dentist_id = p_dentist THEN
        missing := missing - tstzmultirange(tstzrange(mine.starts_at, mine.ends_at));
    END IF;
    IF mine.source_id IS NULL THEN
        INSERT INTO availability_occupancy
            (source_id, kind, dentist_id, person_id, starts_at, ends_at, visit_starts_at, visit_ends_at, holder, expires_at)
        VALUES (p_source, p_kind, p_dentist, p_person, p_from, p_until, p_visit_from, p_visit_until, p_holder, p_expires)
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            PERFORM availability_refuse('occupancy_dentist_time');
        END IF;
        RETURN;
    END IF;
    FOR piece IN SELECT unnest(missing) LOOP
        piece_id := gen_random_uuid();
        INSERT INTO availability_occupancy
            (source_id, kind, dentist_id, person_id, starts_at, ends_at, visit_starts_at, visit_ends_at, holder, expires_at)
        VALUES (piece_id, 'visit', p_dentist, NULL, lower(piece), upper(piece), p_visit_from, p_visit_until, '', NULL)
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            PERFORM availability_refuse('occupancy_dentist_time');
        END IF;
        pieces := pieces || piece_id;
    END LOOP;
    DELETE FROM availability_occupancy WHERE source_id = ANY (pieces);
    UPDATE availability_occupancy
       SET source_id = p_source, kind = p_kind, dentist_id = p_dentist, person_id = p_person,
           starts_at = p_from, ends_at = p_until, visit_starts_at = p_visit_from, visit_ends_at = p_visit_until,
           holder = p_holder, expires_at = p_expires
     WHERE source_id = p_was;
END
$$;

-- A hold takes its time and gives it back.
CREATE FUNCTION availability_reservation_occupies() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM availability_occupancy WHERE source_id = OLD.id AND kind = 'hold';
        RETURN OLD;
    END IF;
    -- However it is written, a hold is short: an hour at most, for a visit of a working day at most.
    IF NEW.expires_at > clock_timestamp() + interval '61 minutes' OR NEW.busy_until - NEW.busy_from > interval '12 hours' THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'reservation_is_short', TABLE = 'availability_reservation',
            MESSAGE = 'a hold is short';
    END IF;
    PERFORM availability_take(NEW.id, NEW.id, 'hold', NEW.dentist_id, NULL, NEW.busy_from, NEW.busy_until,
                              NEW.starts_at, NEW.ends_at, NEW.holder, NEW.expires_at);
    RETURN NEW;
END
$$;
CREATE TRIGGER occupies BEFORE INSERT OR UPDATE OF dentist_id, starts_at, ends_at, busy_from, busy_until, holder, expires_at
    ON availability_reservation FOR EACH ROW EXECUTE FUNCTION availability_reservation_occupies();
CREATE TRIGGER frees AFTER DELETE ON availability_reservation
    FOR EACH ROW EXECUTE FUNCTION availability_reservation_occupies();

-- What is taken between two instants, as the caller may know it: when, not who. The caller's own hold is left out, and so
-- are holds that have run out and the visit that is being moved.
CREATE FUNCTION availability_busy(p_dentists uuid[], p_from timestamptz, p_until timestamptz, p_except uuid DEFAULT NULL)
RETURNS TABLE (dentist_id uuid, starts_at timestamptz, ends_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.dentist_id, o.starts_at, o.ends_at
      FROM availability_occupancy o
     WHERE o.dentist_id = ANY (p_dentists)
       AND o.starts_at >= p_from - interval '24 hours' AND o.starts_at < p_until AND o.ends_at > p_from
       AND (o.kind = 'visit' OR (o.expires_at > clock_timestamp() AND NOT o.holder = ANY ((SELECT identity.holders())::text[])))
       AND (p_except IS NULL OR o.source_id <> p_except)
     ORDER BY o.dentist_id, o.starts_at
$$;

-- When dentists are away between two instants; the reason stays with them.
CREATE FUNCTION availability_away(p_dentists uuid[], p_from timestamptz, p_until timestamptz)
RETURNS TABLE (dentist_id uuid, starts_at timestamptz, ends_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.dentist_id, t.starts_at, t.ends_at FROM availability_timeoff t
     WHERE t.dentist_id = ANY (p_dentists) AND t.ends_at > p_from AND t.starts_at < p_until
     ORDER BY t.dentist_id, t.starts_at
$$;

-- How often this holder and this address held a slot in the last hour, and how many holds the address has now.
CREATE FUNCTION availability_count_hold(p_holder text, p_address text, OUT by_holder bigint, OUT by_address bigint, OUT live bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT p_holder = ANY (identity.holders()) THEN
        RAISE EXCEPTION 'only one''s own holds are counted';
    END IF;
    -- One after the other for a holder and for an address: requests at the same moment would not see each other's holds.
    PERFORM pg_advisory_xact_lock(72035, hashtext(p_holder));
    IF p_address <> '' THEN
        PERFORM pg_advisory_xact_lock(72033, hashtext(p_address));
    END IF;
    INSERT INTO availability_holdattempt (holder, address) VALUES (p_holder, p_address);
    SELECT count(*) INTO by_holder FROM availability_holdattempt WHERE holder = p_holder AND at > clock_timestamp() - interval '1 hour';
    SELECT count(*) INTO by_address FROM availability_holdattempt
     WHERE address = p_address AND p_address <> '' AND at > clock_timestamp() - interval '1 hour';
    SELECT count(*) INTO live FROM availability_reservation
     WHERE address = p_address AND p_address <> '' AND holder <> p_holder AND expires_at > clock_timestamp();
END
$$;

REVOKE ALL ON FUNCTION availability_take(uuid, uuid, text, uuid, uuid, timestamptz, timestamptz, timestamptz, timestamptz, text, timestamptz),
    availability_reservation_occupies(), availability_busy(uuid[], timestamptz, timestamptz, uuid),
    availability_away(uuid[], timestamptz, timestamptz), availability_count_hold(text, text), availability_lock_person(uuid), availability_refuse(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION availability_busy(uuid[], timestamptz, timestamptz, uuid),
    availability_away(uuid[], timestamptz, timestamptz), availability_lock_person(uuid)
    TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot, app_service;
GRANT EXECUTE ON FUNCTION availability_count_hold(text, text)
    TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot;
