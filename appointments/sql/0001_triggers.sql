-- What holds for an appointment whoever writes it: its time in the occupancy, its dentist's name, its account.

ALTER TABLE appointments_appointment
    ADD CONSTRAINT appointment_dentist_fk FOREIGN KEY (dentist_id) REFERENCES dentists_dentist (id) ON DELETE SET NULL;

-- Runs before `occupies` (triggers of one kind run by name): fills in what follows from other rows.
CREATE FUNCTION appointments_fill_in() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.dentist_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.dentist_id IS DISTINCT FROM OLD.dentist_id) THEN
        SELECT d.name, d.email INTO NEW.dentist_name, NEW.dentist_email FROM dentists_dentist d
         WHERE d.id = NEW.dentist_id FOR SHARE;  -- a renaming that is under way comes first
    END IF;
    IF TG_OP = 'INSERT' OR NEW.patient_id <> OLD.patient_id THEN
        SELECT p.account_id INTO NEW.account_id FROM patients_patient p WHERE p.id = NEW.patient_id FOR SHARE;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        NEW.updated_at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER a_fill_in BEFORE INSERT OR UPDATE ON appointments_appointment
    FOR EACH ROW EXECUTE FUNCTION appointments_fill_in();

CREATE FUNCTION appointments_holds_time(p_status text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT p_status IN ('pending', 'confirmed', 'checked_in', 'completed') $$;

CREATE FUNCTION appointments_occupies() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was uuid := NEW.id;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT appointments_holds_time(NEW.status) OR NEW.dentist_id IS NULL THEN
            DELETE FROM availability_occupancy WHERE source_id = NEW.id;
            RETURN NEW;
        END IF;
        IF NEW.dentist_id IS DISTINCT FROM OLD.dentist_id THEN
            NEW.sequence := OLD.sequence + 1;
        END IF;
        IF appointments_holds_time(OLD.status) AND
           (NEW.dentist_id, NEW.patient_id, NEW.starts_at, NEW.ends_at, NEW.buffer_before_minutes, NEW.buffer_after_minutes)
           IS NOT DISTINCT FROM
           (OLD.dentist_id, OLD.patient_id, OLD.starts_at, OLD.ends_at, OLD.buffer_before_minutes, OLD.buffer_after_minutes) THEN
            RETURN NEW;
        END IF;
        -- A verb moves one visit. Raw SQL may move many in one statement, in whatever order the rows have: such statements
        -- take turns for a dentist, so that two of them do not wait for each other.
        IF coalesce(current_setting('clinic.context', true), '') = '' THEN
            PERFORM pg_advisory_xact_lock(72034, of_dentist.key) FROM (
                SELECT DISTINCT hashtext(d::text) AS key FROM unnest(ARRAY[OLD.dentist_id, NEW.dentist_id]) d
                 WHERE d IS NOT NULL ORDER BY key) of_dentist;
        END IF;
    ELSIF NOT appointments_holds_time(NEW.status) OR NEW.dentist_id IS NULL THEN
        RETURN NEW;
    ELSIF NEW.reservation_id IS NOT NULL THEN
        PERFORM availability_lock_person(NEW.patient_id);
        -- Only the holder's own hold becomes a visit; anybody else's stands in the way like a visit.
        SELECT r.id INTO was FROM availability_reservation r
         WHERE r.id = NEW.reservation_id AND r.holder = ANY (identity.holders()) FOR UPDATE;
        was := coalesce(was, NEW.id);
    END IF;
    PERFORM availability_take(
        NEW.id, was, 'visit', NEW.dentist_id, NEW.patient_id,
        NEW.starts_at - make_interval(mins => NEW.buffer_before_minutes), NEW.ends_at + make_interval(mins => NEW.buffer_after_minutes),
        NEW.starts_at, NEW.ends_at, '', NULL);
    IF was <> NEW.id THEN
        DELETE FROM availability_reservation WHERE id = was;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER occupies BEFORE INSERT OR UPDATE ON appointments_appointment
    FOR EACH ROW EXECUTE FUNCTION appointments_occupies();

CREATE FUNCTION appointments_frees() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM availability_occupancy WHERE source_id = OLD.id;
    RETURN OLD;
END
$$;
CREATE TRIGGER frees AFTER DELETE ON appointments_appointment FOR EACH ROW EXECUTE FUNCTION appointments_frees();

-- A dentist's new name or email reaches the visits that are not over yet.
CREATE FUNCTION appointments_dentist_renamed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE appointments_appointment SET dentist_name = NEW.name, dentist_email = NEW.email
     WHERE dentist_id = NEW.id AND ends_at > clock_timestamp();
    RETURN NEW;
END
$$;
CREATE TRIGGER appointments_renamed AFTER UPDATE OF name, email ON dentists_dentist FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.email IS DISTINCT FROM NEW.email)
    EXECUTE FUNCTION appointments_dentist_renamed();

-- A dentist who goes: visits still to come are cancelled, past ones keep the name that stands on them.
CREATE FUNCTION appointments_dentist_leaves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE appointments_appointment
       SET status = 'cancelled', cancelled_at = clock_timestamp(), cancelled_by = 'clinic',
           cancellation_reason = 'dentist_left', sequence = sequence + 1
     WHERE dentist_id = OLD.id AND status IN ('pending', 'confirmed') AND starts_at > clock_timestamp();
    RETURN OLD;
END
$$;
CREATE TRIGGER appointments_cancelled BEFORE DELETE ON dentists_dentist
    FOR EACH ROW EXECUTE FUNCTION appointments_dentist_leaves();

-- A person who comes under an account takes their visits along.
CREATE FUNCTION appointments_account_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE appointments_appointment SET account_id = NEW.account_id WHERE patient_id = NEW.id;
    RETURN NEW;
END
$$;
CREATE TRIGGER appointments_follow AFTER UPDATE OF account_id ON patients_patient FOR EACH ROW
    WHEN (OLD.account_id IS DISTINCT FROM NEW.account_id) EXECUTE FUNCTION appointments_account_follows();

REVOKE ALL ON FUNCTION appointments_fill_in(), appointments_occupies(), appointments_frees(), appointments_dentist_renamed(),
    appointments_dentist_leaves(), appointments_account_follows() FROM PUBLIC;
