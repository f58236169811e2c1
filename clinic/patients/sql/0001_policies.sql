-- People: those under one's own account; front desk and admins all; dentists the people of their own visits
-- (that policy comes with the visits). Guests are found and made through patients_guest().
ALTER TABLE patients_patient ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON patients_patient TO app_patient, app_dentist, app_desk, app_admin, app_service;
GRANT INSERT, UPDATE ON patients_patient TO app_patient, app_dentist, app_desk, app_admin;
GRANT DELETE ON patients_patient TO app_admin, app_patient;  -- a person with visits is kept by their foreign key
CREATE POLICY patient_own ON patients_patient TO app_patient USING (account_id = (SELECT identity.user_as('patient')));
CREATE POLICY dentist_own ON patients_patient TO app_dentist USING (account_id = (SELECT identity.user_as('dentist')));
CREATE POLICY desk_all ON patients_patient TO app_desk USING ((SELECT identity.acts_as('desk')));
CREATE POLICY admin_all ON patients_patient TO app_admin USING ((SELECT identity.acts_as('admin')));
CREATE POLICY service_reads ON patients_patient FOR SELECT TO app_service USING ((SELECT identity.acts_as('service')));
CREATE POLICY definer ON patients_patient TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON patients_patient TO clinic_definer;

-- A guest is the same person again when name, email and birth date are the same.
CREATE UNIQUE INDEX patient_guest_once ON patients_patient
    (lower(email), lower(name), coalesce(birth_date, '0001-01-01'::date)) WHERE account_id IS NULL AND email <> '';
CREATE INDEX patient_by_name ON patients_patient (lower(name) text_pattern_ops);
CREATE INDEX patient_by_birth_date ON patients_patient (birth_date);
CREATE INDEX patient_by_phone ON patients_patient (phone);

-- The guest of this name and address, made when new. Gives only the id. SQL inside a request could
-- compare it with the one it proposed; no page or API answer shows it.
CREATE FUNCTION patients_guest(p_id uuid, p_name text, p_email text, p_phone text, p_born date) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found uuid;
BEGIN
    INSERT INTO patients_patient (id, account_id, relation, name, birth_date, email, phone)
    VALUES (p_id, NULL, 'guest', p_name, p_born, lower(p_email), p_phone)
    ON CONFLICT DO NOTHING RETURNING id INTO found;
    IF found IS NULL THEN
        SELECT id INTO found FROM patients_patient
         WHERE account_id IS NULL AND email <> '' AND lower(email) = lower(p_email) AND lower(name) = lower(p_name)
           AND coalesce(birth_date, '0001-01-01'::date) = coalesce(p_born, '0001-01-01'::date);
    END IF;
    RETURN found;
END
$$;
REVOKE ALL ON FUNCTION patients_guest(uuid, text, text, text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION patients_guest(uuid, text, text, text, date)
    TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot;

-- Guests booked under an email that an account has since verified come under that account, visits and all.
CREATE FUNCTION patients_claim_guests(p_user uuid) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    holder accounts_user;
    claimed integer;
BEGIN
    SELECT * INTO holder FROM accounts_user WHERE id = p_user AND is_active AND email_verified_at IS NOT NULL;
    IF holder.id IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE patients_patient SET account_id = holder.id, relation = CASE
            WHEN lower(name) = lower(holder.name)
             AND NOT EXISTS (SELECT FROM patients_patient s WHERE s.account_id = holder.id AND s.relation = 'self')
             AND id = (SELECT min(g.id::text)::uuid FROM patients_patient g
                        WHERE g.account_id IS NULL AND lower(g.email) = holder.email AND lower(g.name) = lower(holder.name))
            THEN 'self' ELSE 'other' END
     WHERE account_id IS NULL AND email <> '' AND lower(email) = holder.email;
    GET DIAGNOSTICS claimed = ROW_COUNT;
    RETURN claimed;
END
$$;
REVOKE ALL ON FUNCTION patients_claim_guests(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION patients_claim_guests(uuid) TO app_auth;
