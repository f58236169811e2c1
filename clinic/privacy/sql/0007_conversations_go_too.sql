-- Takes everything personal off visits, and their messages, medical text, kept answers and the conversations with the chatbot
-- in which they were booked or shown away: whoever had no account told there who they are and what is wrong.
CREATE OR REPLACE FUNCTION privacy_forget_visits(p_visits uuid[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM notifications_message WHERE appointment_id = ANY (p_visits);
    DELETE FROM appointments_medicalrecord WHERE appointment_id = ANY (p_visits);
    DELETE FROM core_idempotencykey WHERE about = ANY (p_visits);
    DELETE FROM chatbot_conversation WHERE visits && p_visits;
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
