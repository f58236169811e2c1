-- A visit whose person was erased is the practice's alone: no private link and no account opens it any more.
CREATE POLICY erased_opens_to_nobody ON appointments_appointment AS RESTRICTIVE TO app_anonymous, app_patient, app_bot
    USING (erased_at IS NULL);
