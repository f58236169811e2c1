-- Hours, overrides and closures: everybody may read when a dentist works. A dentist changes their own, the front desk
-- and admins everybody's.
DO $$
DECLARE
    t text;
    callers text := 'app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot, app_service';
BEGIN
    FOREACH t IN ARRAY ARRAY['availability_workinghours', 'availability_dateoverride', 'availability_timeoff', 'availability_closure'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I TO app_admin, app_desk', t);
        IF t <> 'availability_timeoff' THEN
            EXECUTE format('GRANT SELECT ON %I TO %s', t, callers);
            EXECUTE format('CREATE POLICY everyone_reads ON %I FOR SELECT TO %s USING (true)', t, callers);
        END IF;
        EXECUTE format('CREATE POLICY admin_inserts ON %I FOR INSERT TO app_admin WITH CHECK ((SELECT identity.acts_as(''admin'')))', t);
        EXECUTE format('CREATE POLICY desk_inserts ON %I FOR INSERT TO app_desk WITH CHECK ((SELECT identity.acts_as(''desk'')))', t);
        EXECUTE format('CREATE POLICY admin_changes ON %I FOR UPDATE TO app_admin USING ((SELECT identity.acts_as(''admin'')))', t);
        EXECUTE format('CREATE POLICY desk_changes ON %I FOR UPDATE TO app_desk USING ((SELECT identity.acts_as(''desk'')))', t);
        EXECUTE format('CREATE POLICY admin_deletes ON %I FOR DELETE TO app_admin USING ((SELECT identity.acts_as(''admin'')))', t);
        EXECUTE format('CREATE POLICY desk_deletes ON %I FOR DELETE TO app_desk USING ((SELECT identity.acts_as(''desk'')))', t);
        EXECUTE format('CREATE POLICY definer ON %I TO clinic_definer USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT ALL ON %I TO clinic_definer', t);
        EXECUTE format('GRANT USAGE ON SEQUENCE %I TO app_admin, app_desk, app_dentist', t || '_id_seq');
        IF t <> 'availability_closure' THEN
            EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I TO app_dentist', t);
            EXECUTE format('CREATE POLICY dentist_inserts_own ON %I FOR INSERT TO app_dentist WITH CHECK (dentist_id = (SELECT identity.dentist()))', t);
            EXECUTE format('CREATE POLICY dentist_changes_own ON %I FOR UPDATE TO app_dentist USING (dentist_id = (SELECT identity.dentist()))', t);
            EXECUTE format('CREATE POLICY dentist_deletes_own ON %I FOR DELETE TO app_dentist USING (dentist_id = (SELECT identity.dentist()))', t);
        END IF;
    END LOOP;
END
$$;

-- Why a dentist is away is not for everybody: others learn only when, from availability_away().
GRANT SELECT ON availability_timeoff TO app_dentist, app_desk, app_admin;
CREATE POLICY dentist_reads_own ON availability_timeoff FOR SELECT TO app_dentist USING (dentist_id = (SELECT identity.dentist()));
CREATE POLICY desk_reads ON availability_timeoff FOR SELECT TO app_desk USING ((SELECT identity.acts_as('desk')));
CREATE POLICY admin_reads ON availability_timeoff FOR SELECT TO app_admin USING ((SELECT identity.acts_as('admin')));

-- Raw deletion of a dentist takes the schedule along.
ALTER TABLE availability_workinghours ADD CONSTRAINT hours_dentist_cascade FOREIGN KEY (dentist_id) REFERENCES dentists_dentist (id) ON DELETE CASCADE;
ALTER TABLE availability_dateoverride ADD CONSTRAINT override_dentist_cascade FOREIGN KEY (dentist_id) REFERENCES dentists_dentist (id) ON DELETE CASCADE;
ALTER TABLE availability_timeoff ADD CONSTRAINT time_off_dentist_cascade FOREIGN KEY (dentist_id) REFERENCES dentists_dentist (id) ON DELETE CASCADE;
ALTER TABLE availability_reservation ADD CONSTRAINT reservation_dentist_cascade FOREIGN KEY (dentist_id) REFERENCES dentists_dentist (id) ON DELETE CASCADE;

-- Holds: whoever holds it. The sweep takes away those that ran out.
ALTER TABLE availability_reservation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON availability_reservation TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot;
GRANT SELECT, UPDATE, DELETE ON availability_reservation TO app_service;
CREATE POLICY own ON availability_reservation TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot
    USING (holder = ANY ((SELECT identity.holders())::text[])) WITH CHECK (holder = ANY ((SELECT identity.holders())::text[]));
CREATE POLICY admin_reads ON availability_reservation FOR SELECT TO app_admin USING ((SELECT identity.acts_as('admin')));
CREATE POLICY service_sweeps ON availability_reservation TO app_service USING ((SELECT identity.acts_as('service')));
CREATE POLICY definer ON availability_reservation TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON availability_reservation TO clinic_definer;

-- Taken time: everybody may know when a dentist is busy, nobody with whom; only triggers write.
ALTER TABLE availability_occupancy ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT (dentist_id, starts_at, ends_at) ON availability_occupancy
    TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot, app_service;
CREATE POLICY everyone_reads ON availability_occupancy FOR SELECT
    TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot, app_service USING (true);
CREATE POLICY definer ON availability_occupancy TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON availability_occupancy TO clinic_definer;

ALTER TABLE availability_holdattempt ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, DELETE ON availability_holdattempt TO app_service;
CREATE POLICY service_sweeps ON availability_holdattempt TO app_service USING ((SELECT identity.acts_as('service')));
CREATE POLICY definer ON availability_holdattempt TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON availability_holdattempt TO clinic_definer;
