-- Erasing people (docs/privacy.md). What stays of a visit is what the books need: dentist, treatment, times, price, status.
-- '(erased)' stands where a name must not be empty.

-- Takes everything personal off visits, and their messages, medical text and kept answers away.
CREATE FUNCTION privacy_forget_visits(p_visits uuid[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM notifications_message WHERE appointment_id = ANY (p_visits);
    DELETE FROM appointments_medicalrecord WHERE appointment_id = ANY (p_visits);
    DELETE FROM core_idempotencykey WHERE about = ANY (p_visits);
    UPDATE django_admin_log SET object_repr = '(erased)', change_message = '' WHERE object_id = ANY (p_visits::text[]);
    UPDATE appointments_appointment
       SET patient_name = '(erased)', patient_email = '', patient_phone = '', patient_birth_date = NULL, triage_band = '',
           stripe_session_id = '', reservation_id = NULL, erased_at = clock_timestamp(),
           -- Words of our own stay, what somebody typed goes.
           cancellation_reason = CASE WHEN cancellation_reason IN ('dentist_left', 'dentist_unavailable', 'person_erased')
                                      THEN cancellation_reason ELSE '' END
     WHERE id = ANY (p_visits);
END
$$;

-- Erases people with their visits, which must be over or cancelled. Who was never here goes; of others a row without a name
-- stays, under no account.
CREATE FUNCTION privacy_forget_people(p_people uuid[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    visits uuid[];
BEGIN
    PERFORM FROM patients_patient WHERE id = ANY (p_people) ORDER BY id FOR UPDATE;
    visits := ARRAY(SELECT id FROM appointments_appointment WHERE patient_id = ANY (p_people));
    IF EXISTS (SELECT FROM appointments_appointment WHERE id = ANY (visits)
                  AND status IN ('pending', 'confirmed', 'checked_in') AND ends_at > clock_timestamp()) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'privacy_visit_under_way',
            TABLE = 'appointments_appointment', MESSAGE = 'a visit is not over';
    END IF;
    PERFORM privacy_forget_visits(visits);
    UPDATE django_admin_log SET object_repr = '(erased)', change_message = '' WHERE object_id = ANY (p_people::text[]);
    DELETE FROM patients_patient p WHERE p.id = ANY (p_people)
       AND NOT EXISTS (SELECT FROM appointments_appointment a WHERE a.patient_id = p.id);
    UPDATE patients_patient SET account_id = NULL, relation = 'guest', name = '(erased)', birth_date = NULL, email = '',
           phone = '', erased_at = clock_timestamp()
     WHERE id = ANY (p_people);
END
$$;

-- The caller's own account, with everybody under it and whatever hangs on it. Harmless when repeated.
CREATE FUNCTION privacy_erase_account() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me uuid := identity.user_as('patient');
    hanging record;
BEGIN
    IF me IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'only patients erase their own account';
    END IF;
    PERFORM privacy_forget_people(ARRAY(SELECT id FROM patients_patient WHERE account_id = me));
    DELETE FROM availability_reservation WHERE holder = 'u:' || me OR holder = ANY (identity.holders());
    DELETE FROM availability_holdattempt WHERE holder = 'u:' || me OR holder = ANY (identity.holders());
    DELETE FROM core_idempotencykey WHERE scope = 'u:' || me OR scope = ANY (identity.holders());
    DELETE FROM accounts_session WHERE user_id = me;
    UPDATE django_admin_log SET object_repr = '(erased)', change_message = '' WHERE object_id = me::text;
    -- Whatever else refers to the account, now or after later changes: it goes, or forgets whose it was where it may.
    FOR hanging IN
        SELECT c.conrelid::regclass AS of_table, a.attname AS named, a.attnotnull AS must
          FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f' AND c.confrelid = 'accounts_user'::regclass
    LOOP
        IF hanging.must THEN
            EXECUTE format('DELETE FROM %s WHERE %I = $1', hanging.of_table, hanging.named) USING me;
        ELSE
            EXECUTE format('UPDATE %s SET %I = NULL WHERE %I = $1', hanging.of_table, hanging.named, hanging.named) USING me;
        END IF;
    END LOOP;
    DELETE FROM accounts_user WHERE id = me;
END
$$;

-- A guest, by an admin. Harmless when repeated.
CREATE FUNCTION privacy_erase_guest(p_person uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    account uuid;
BEGIN
    IF NOT identity.acts_as('admin') THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'only admins erase guests';
    END IF;
    SELECT account_id INTO account FROM patients_patient WHERE id = p_person FOR UPDATE;
    IF account IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'privacy_person_has_account',
            TABLE = 'patients_patient', MESSAGE = 'this person is under an account';
    END IF;
    PERFORM privacy_forget_people(ARRAY[p_person]);
END
$$;

-- What the clinic's settings say is kept no longer, by the database's clock: so many at once. Gives how many went; none with
-- fewer left than that.
CREATE FUNCTION privacy_forget_old(p_many integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    -- The person of cancelled visits that are nobody's any more.
    nobody CONSTANT uuid := '00000000-0000-4000-8000-000000000000';
    guests_until timestamptz;
    cancelled_until timestamptz;
    people uuid[];
    visits uuid[];
BEGIN
    SELECT clock_timestamp() - make_interval(months => nullif(s.guests_kept_months, 0)),
           clock_timestamp() - make_interval(months => nullif(s.cancelled_kept_months, 0))
      INTO guests_until, cancelled_until FROM core_clinicsettings s WHERE s.id = 1;
    people := ARRAY(
        SELECT p.id FROM patients_patient p
         WHERE p.account_id IS NULL AND p.erased_at IS NULL AND p.created_at < guests_until
           AND NOT EXISTS (SELECT FROM appointments_appointment a WHERE a.patient_id = p.id AND a.ends_at >= guests_until)
         LIMIT p_many FOR UPDATE SKIP LOCKED);
    PERFORM privacy_forget_people(people);
    visits := ARRAY(
        SELECT a.id FROM appointments_appointment a
         WHERE a.status = 'cancelled' AND a.erased_at IS NULL AND a.starts_at < cancelled_until AND a.ends_at < cancelled_until
           AND a.cancelled_at < cancelled_until
         LIMIT p_many FOR UPDATE SKIP LOCKED);
    IF visits <> '{}' THEN
        INSERT INTO patients_patient (id, relation, name, email, phone, erased_at)
        VALUES (nobody, 'guest', '(erased)', '', '', clock_timestamp()) ON CONFLICT DO NOTHING;
        PERFORM privacy_forget_visits(visits);
        UPDATE appointments_appointment SET patient_id = nobody WHERE id = ANY (visits);
    END IF;
    RETURN cardinality(people) + cardinality(visits);
END
$$;

REVOKE ALL ON FUNCTION privacy_forget_visits(uuid[]), privacy_forget_people(uuid[]), privacy_erase_account(),
    privacy_erase_guest(uuid), privacy_forget_old(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION privacy_erase_account() TO app_patient;
GRANT EXECUTE ON FUNCTION privacy_erase_guest(uuid) TO app_admin;
GRANT EXECUTE ON FUNCTION privacy_forget_old(integer) TO app_service;
