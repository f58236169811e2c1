-- Staff take people off their own account as patients do. What dentists may delete is theirs by dentist_own already;
-- the desk sees and changes everybody, so that for deleting alone its rows are those of the account.
GRANT DELETE ON patients_patient TO app_dentist, app_desk;
CREATE POLICY desk_deletes_own ON patients_patient AS RESTRICTIVE FOR DELETE TO app_desk
    USING (account_id = (SELECT identity.user_as('desk')));
