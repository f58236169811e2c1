-- Whoever books puts the visit under their own account or under none. The private link of a booking, which its caller shows
-- while it is stored, would else let SQL inside a patient's or the bot's request store one under anybody's account.
CREATE POLICY patient_books_under_own_account ON appointments_appointment AS RESTRICTIVE FOR INSERT TO app_patient
    WITH CHECK (account_id IS NULL OR account_id = (SELECT identity.user_as('patient')));
CREATE POLICY bot_books_for_guests ON appointments_appointment AS RESTRICTIVE FOR INSERT TO app_bot WITH CHECK (account_id IS NULL);
