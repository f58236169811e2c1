-- Everything that is stored about the caller's account, the people under it and the guests of its confirmed address, whom an
-- erasure takes along: whole rows, so that what is added to a table
-- later is told too. Left out: secrets (password, keys of sessions and tokens), and who of the staff did something.
-- Medical text comes encrypted, as it lies there.
CREATE OR REPLACE FUNCTION privacy_own_records() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me uuid := coalesce(identity.user_as('patient'), identity.user_as('dentist'), identity.user_as('desk'), identity.user_as('admin'));
    holders text[] := identity.holders();
    people uuid[] := ARRAY(
        SELECT p.id FROM patients_patient p WHERE p.account_id = me
         UNION SELECT g.id FROM patients_patient g JOIN accounts_user u ON u.email = lower(g.email)
                WHERE u.id = me AND u.email_verified_at IS NOT NULL AND g.account_id IS NULL AND g.email <> '');
    visits uuid[] := ARRAY(SELECT a.id FROM appointments_appointment a WHERE a.patient_id = ANY (people));
BEGIN
    RETURN jsonb_build_object(
        'account', (SELECT to_jsonb(u) - 'password' FROM accounts_user u WHERE u.id = me),
        'people', (SELECT coalesce(jsonb_agg(to_jsonb(p) - '{account_id,erased_at}'::text[] ORDER BY p.created_at, p.id), '[]')
                     FROM patients_patient p WHERE p.id = ANY (people)),
        'visits', (SELECT coalesce(jsonb_agg(
                (to_jsonb(a) - '{account_id,cancelled_by_user_id,erased_at}'::text[]) || jsonb_build_object(
                    'medical', (SELECT to_jsonb(m) - 'appointment_id' FROM appointments_medicalrecord m WHERE m.appointment_id = a.id),
                    'messages', (SELECT coalesce(jsonb_agg(to_jsonb(n) - '{appointment_id,last_error}'::text[] ORDER BY n.created_at, n.id), '[]')
                                   FROM notifications_message n WHERE n.appointment_id = a.id))
                ORDER BY a.starts_at DESC, a.id), '[]')
              FROM appointments_appointment a WHERE a.id = ANY (visits)),
        'holds', (SELECT coalesce(jsonb_agg(to_jsonb(r) - '{holder,address}'::text[] ORDER BY r.created_at), '[]')
                    FROM availability_reservation r WHERE me IS NOT NULL AND r.holder = ANY (holders)),
        'hold_attempts', (SELECT coalesce(jsonb_agg(t.at ORDER BY t.at), '[]')
                            FROM availability_holdattempt t WHERE me IS NOT NULL AND t.holder = ANY (holders)),
        'kept_answers', (SELECT coalesce(jsonb_agg(jsonb_build_object('status', k.status, 'created_at', k.created_at) ORDER BY k.created_at), '[]')
                           FROM core_idempotencykey k WHERE me IS NOT NULL AND k.scope = ANY (holders)),
        'sessions', (SELECT coalesce(jsonb_agg(to_jsonb(s) - '{session_key,session_data,user_id}'::text[] ORDER BY s.expire_date), '[]')
                       FROM accounts_session s WHERE s.user_id = me),
        'programs', (SELECT coalesce(jsonb_agg(to_jsonb(f) - '{id,newest,user_id}'::text[] ORDER BY f.created_at), '[]')
                       FROM accounts_refreshfamily f WHERE f.user_id = me),
        'history', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'at', h.at, 'table', h.table_name, 'row', h.row_id, 'action', h.action, 'fields', h.fields,
                'before', h.before - 'cancelled_by_user_id', 'after', h.after - 'cancelled_by_user_id',
                'role', h.role, 'source', h.source, 'by_you', coalesce(h.user_id = me, false)) ORDER BY h.id), '[]')
              FROM history_change h
             WHERE h.visit_id = ANY (visits)
                OR (h.table_name = 'accounts_user' AND h.row_id = me::text)
                OR (h.table_name = 'patients_patient' AND h.row_id = ANY (people::text[]))));
END
$$;
