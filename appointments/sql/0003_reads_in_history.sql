-- Reading medical text is a line of the history, like any change.
INSERT INTO history_change
    (at, table_name, row_id, action, fields, before, after, user_id, role, source, login, visit_id, dentist_id)
SELECT r.at, 'appointments_medicalrecord', r.appointment_id::text, 'read', '{}', '{}', '{}', r.user_id, r.role, r.source, '',
       r.appointment_id, NULL
  FROM appointments_medicalread r ORDER BY r.id;

-- The one way for staff to read medical text: the treating dentist or an admin, and whoever is the patient; it is written
-- down when there is any. The text is encrypted here as everywhere in the database; what comes back is opened by the application.
CREATE OR REPLACE FUNCTION appointments_read_medical(p_appointment uuid)
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
    RETURN QUERY SELECT m.symptoms, m.chief_complaint, m.medical_history, m.medications, m.allergies,
                        m.medical_conditions, m.triage_reason, m.notes
                   FROM appointments_medicalrecord m WHERE m.appointment_id = p_appointment;
    IF FOUND THEN
        PERFORM history_write('appointments_medicalrecord', p_appointment::text, 'read', p_appointment, NULL, '{}', '{}', '{}');
    END IF;
END
$$;
