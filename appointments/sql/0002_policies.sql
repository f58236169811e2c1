-- Appointments: a patient's own, a dentist's schedule, everything for front desk and admins, one visit by its link.
ALTER TABLE appointments_appointment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON appointments_appointment TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot;
GRANT UPDATE ON appointments_appointment TO app_dentist, app_desk, app_admin;
-- Patients write what moves, cancels and corrects a visit, and no more: not whose it is, not what it costs or that it is paid.
GRANT UPDATE (status, confirmed_at, checked_in_at, completed_at, no_show_at, cancelled_at, cancellation_reason, cancelled_by, cancelled_by_user_id, sequence, dentist_id, starts_at,
              ends_at, outside_rules, patient_name, patient_email, patient_phone, patient_birth_date)
    ON appointments_appointment TO app_anonymous, app_patient, app_bot;
GRANT SELECT, UPDATE ON appointments_appointment TO app_service;
GRANT DELETE ON appointments_appointment TO app_admin;
CREATE POLICY patient_own ON appointments_appointment TO app_patient USING (account_id = (SELECT identity.user_as('patient')));
CREATE POLICY dentist_schedule ON appointments_appointment TO app_dentist USING (dentist_id = (SELECT identity.dentist()));
CREATE POLICY dentist_own ON appointments_appointment TO app_dentist USING (account_id = (SELECT identity.user_as('dentist')));
CREATE POLICY desk_all ON appointments_appointment TO app_desk USING ((SELECT identity.acts_as('desk')));
CREATE POLICY admin_all ON appointments_appointment TO app_admin USING ((SELECT identity.acts_as('admin')));
CREATE POLICY service_all ON appointments_appointment TO app_service USING ((SELECT identity.acts_as('service')));
CREATE POLICY anonymous_by_link ON appointments_appointment TO app_anonymous USING (id = (SELECT identity.visit_as('anonymous')));
-- A guest books for a guest: nobody puts a visit under an account that is not theirs.
CREATE POLICY anonymous_books_for_guests ON appointments_appointment AS RESTRICTIVE FOR INSERT TO app_anonymous WITH CHECK (account_id IS NULL);
CREATE POLICY patient_by_link ON appointments_appointment TO app_patient USING (id = (SELECT identity.visit_as('patient')));
CREATE POLICY bot_by_link ON appointments_appointment TO app_bot USING (id = (SELECT identity.visit_as('bot')));
CREATE POLICY definer ON appointments_appointment TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON appointments_appointment TO clinic_definer;

-- People of a dentist's own visits. The inner query runs under the same caller, so it sees that dentist's visits only.
CREATE POLICY dentist_patients ON patients_patient FOR SELECT TO app_dentist
    USING (id IN (SELECT a.patient_id FROM appointments_appointment a WHERE a.dentist_id = (SELECT identity.dentist())));
CREATE INDEX appointment_by_patient_and_dentist ON appointments_appointment (dentist_id, patient_id);

-- Medical text: whoever may write the visit may add to it; patients read their own; staff only through the function below.
ALTER TABLE appointments_medicalrecord ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON appointments_medicalrecord TO app_anonymous, app_patient, app_bot;
GRANT INSERT ON appointments_medicalrecord TO app_dentist, app_desk, app_admin;
CREATE POLICY patient_own ON appointments_medicalrecord TO app_patient USING (appointment_id IN
    (SELECT a.id FROM appointments_appointment a WHERE a.account_id = (SELECT identity.user_as('patient'))));
CREATE POLICY patient_by_link ON appointments_medicalrecord TO app_patient USING (appointment_id = (SELECT identity.visit_as('patient')));
CREATE POLICY anonymous_by_link ON appointments_medicalrecord TO app_anonymous USING (appointment_id = (SELECT identity.visit_as('anonymous')));
CREATE POLICY bot_by_link ON appointments_medicalrecord TO app_bot USING (appointment_id = (SELECT identity.visit_as('bot')));
CREATE POLICY dentist_adds ON appointments_medicalrecord FOR INSERT TO app_dentist WITH CHECK
    (EXISTS (SELECT FROM appointments_appointment a WHERE a.id = appointment_id));
CREATE POLICY desk_adds ON appointments_medicalrecord FOR INSERT TO app_desk WITH CHECK
    (EXISTS (SELECT FROM appointments_appointment a WHERE a.id = appointment_id));
CREATE POLICY admin_adds ON appointments_medicalrecord FOR INSERT TO app_admin WITH CHECK
    (EXISTS (SELECT FROM appointments_appointment a WHERE a.id = appointment_id));
CREATE POLICY definer ON appointments_medicalrecord TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON appointments_medicalrecord TO clinic_definer;

ALTER TABLE appointments_medicalread ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON appointments_medicalread TO app_admin;
CREATE POLICY admin_reads ON appointments_medicalread FOR SELECT TO app_admin USING ((SELECT identity.acts_as('admin')));
CREATE POLICY definer ON appointments_medicalread TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON appointments_medicalread TO clinic_definer;

-- The one way for staff to read medical text: the treating dentist or an admin, and whoever is the patient; it is written
-- down. The text is encrypted here as everywhere in the database; what comes back is opened by the application.
CREATE FUNCTION appointments_read_medical(p_appointment uuid)
RETURNS TABLE (symptoms text, chief_complaint text, medical_history text, medications text, allergies text,
               medical_conditions text, triage_reason text, notes text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who text[] := identity.context();
BEGIN
    IF NOT (identity.acts_as('admin') OR EXISTS (
        SELECT FROM appointments_appointment a WHERE a.id = p_appointment
           AND (a.dentist_id = identity.dentist() OR a.account_id = nullif(who[2], '')::uuid))) THEN
        RETURN;
    END IF;
    INSERT INTO appointments_medicalread (appointment_id, user_id, role, source)
    VALUES (p_appointment, nullif(who[2], '')::uuid, who[1], who[6]);
    RETURN QUERY SELECT m.symptoms, m.chief_complaint, m.medical_history, m.medications, m.allergies,
                        m.medical_conditions, m.triage_reason, m.notes
                   FROM appointments_medicalrecord m WHERE m.appointment_id = p_appointment;
END
$$;

-- The visit of a reference and the email given with it; how often it may be asked is limited before it gets here.
CREATE FUNCTION appointments_by_reference(p_reference text, p_email text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id FROM appointments_appointment a
     WHERE a.booking_reference = upper(p_reference) AND a.patient_email <> '' AND lower(a.patient_email) = lower(p_email)
$$;

-- Whether a person has been treated here before: what "new" and "known patients" means. Says yes or no, nothing else.
CREATE FUNCTION appointments_is_known(p_patient uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM appointments_appointment a WHERE a.patient_id = p_patient AND a.status = 'completed')
$$;
CREATE INDEX appointment_completed_by_patient ON appointments_appointment (patient_id) WHERE status = 'completed';

REVOKE ALL ON FUNCTION appointments_read_medical(uuid), appointments_by_reference(text, text), appointments_is_known(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION appointments_read_medical(uuid) TO app_dentist, app_desk, app_admin;
GRANT EXECUTE ON FUNCTION appointments_by_reference(text, text) TO app_anonymous, app_patient, app_bot;
GRANT EXECUTE ON FUNCTION appointments_is_known(uuid) TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot;
