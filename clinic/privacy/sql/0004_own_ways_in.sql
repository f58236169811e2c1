-- How the caller's account can be signed in to, beside its password: without what would open it.
CREATE FUNCTION privacy_own_ways_in() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me uuid := coalesce(identity.user_as('patient'), identity.user_as('dentist'), identity.user_as('desk'), identity.user_as('admin'));
BEGIN
    RETURN jsonb_build_object(
        'new_email', (SELECT to_jsonb(e) - 'user_id' FROM accounts_emailchange e WHERE e.user_id = me),
        'mailed_codes', (SELECT coalesce(jsonb_agg(to_jsonb(c) - '{id,user_id,digest}'::text[] ORDER BY c.asked_at), '[]')
                           FROM accounts_mailedcode c WHERE c.user_id = me),
        'second_factor', (SELECT to_jsonb(f) - '{user_id,secret,last_step}'::text[] FROM accounts_secondfactor f WHERE f.user_id = me),
        'recovery_codes', (SELECT count(*) FROM accounts_recoverycode r WHERE r.user_id = me));
END
$$;
REVOKE ALL ON FUNCTION privacy_own_ways_in() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION privacy_own_ways_in() TO app_patient, app_dentist, app_desk, app_admin;
