-- Who reads the history: admins all of it, the front desk that of visits and people, a dentist that of their own schedule
-- and of the visits on it. The inner query runs under the same caller, so it knows that dentist's visits only.
GRANT SELECT ON history_change TO app_admin, app_desk, app_dentist;
CREATE POLICY admin_reads ON history_change FOR SELECT TO app_admin USING ((SELECT identity.acts_as('admin')));
CREATE POLICY desk_reads ON history_change FOR SELECT TO app_desk USING ((SELECT identity.acts_as('desk'))
    AND table_name IN ('appointments_appointment', 'appointments_medicalrecord', 'patients_patient'));
CREATE POLICY dentist_reads_visits ON history_change FOR SELECT TO app_dentist USING (visit_id IS NOT NULL
    AND EXISTS (SELECT FROM appointments_appointment a WHERE a.id = visit_id AND a.dentist_id = (SELECT identity.dentist())));
CREATE POLICY dentist_reads_schedule ON history_change FOR SELECT TO app_dentist USING (visit_id IS NULL
    AND dentist_id = (SELECT identity.dentist()));

-- The names of staff, for a timeline that staff read: a dentist's or the desk's own rights show them no other account.
CREATE FUNCTION history_names(p_users uuid[]) RETURNS TABLE (id uuid, name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF identity.acts_as('dentist') OR identity.acts_as('desk') OR identity.acts_as('admin') THEN
        RETURN QUERY SELECT u.id, u.name::text FROM accounts_user u
                      WHERE u.id = ANY (p_users) AND u.role IN ('dentist', 'desk', 'admin');
    END IF;
END
$$;
REVOKE ALL ON FUNCTION history_names(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION history_names(uuid[]) TO app_dentist, app_desk, app_admin;
