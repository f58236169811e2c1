-- A dentist hands a visit of their own schedule to a colleague, at the same time. The row that results is not theirs any more,
-- which their policies refuse; so this is the one way. Whether the colleague works and wants it is for the verb to judge, that
-- they offer the treatment and that they are free is held here and by the occupancy. False: not theirs, or not to be moved.
CREATE FUNCTION appointments_hand_over(p_visit uuid, p_dentist uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me uuid := identity.dentist();
BEGIN
    UPDATE appointments_appointment a SET dentist_id = p_dentist
     WHERE a.id = p_visit AND a.dentist_id = me AND a.dentist_id <> p_dentist AND a.status IN ('pending', 'confirmed')
       AND EXISTS (SELECT FROM dentists_dentist d JOIN dentists_offer o ON o.dentist_id = d.id
                    WHERE d.id = p_dentist AND d.is_active AND o.treatment_id = a.treatment_id);
    RETURN FOUND;
END
$$;

REVOKE ALL ON FUNCTION appointments_hand_over(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION appointments_hand_over(uuid, uuid) TO app_dentist;
