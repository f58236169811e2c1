-- Which tables are watched, and of which columns the values are kept: states, times, references to other rows, prices,
-- hours, flags. Everything that names or describes a person, says how to reach them or what they told is left out here.
SELECT history_watch('appointments_appointment', '{
    patient_id, account_id, dentist_id, treatment_id, treatment_name, starts_at, ends_at, buffer_before_minutes,
    buffer_after_minutes, status, booking_source, payment_method, payment_status, payment_amount, currency, consent_version,
    consent_at, sequence, outside_rules, confirmed_at, checked_in_at, completed_at, no_show_at, cancelled_at, cancelled_by,
    cancelled_by_user_id}', '{updated_at}', p_visit => 'id', p_dentist => 'dentist_id');
SELECT history_watch('appointments_medicalrecord', '{}', p_key => 'appointment_id', p_visit => 'appointment_id');

SELECT history_watch('availability_workinghours', '{dentist_id, day_of_week, start_time, end_time, access, is_available}',
                     p_dentist => 'dentist_id');
SELECT history_watch('availability_dateoverride', '{dentist_id, date, start_time, end_time, access}', p_dentist => 'dentist_id');
SELECT history_watch('availability_timeoff', '{dentist_id, starts_at, ends_at}', p_dentist => 'dentist_id');
SELECT history_watch('availability_closure', '{date}');

SELECT history_watch('dentists_dentist', '{user_id, specializations, tone, is_active}', p_dentist => 'id');
SELECT history_watch('dentists_treatment', '{
    slug, name, duration_minutes, buffer_before_minutes, buffer_after_minutes, price, specialization, tone, bookable_online,
    admits, minimum_age, is_active}');
SELECT history_watch('dentists_offer', '{dentist_id, treatment_id, duration_minutes, price}', p_dentist => 'dentist_id');

-- That somebody signed in is no change of their account.
SELECT history_watch('accounts_user', '{role, dentist_id, is_active, email_verified_at}', '{last_login}');
SELECT history_watch('patients_patient', '{account_id, relation}');

SELECT history_watch('core_clinicsettings', '{
    emergency_number, currency, slot_step_minutes, hold_minutes, min_notice_minutes, max_advance_days,
    same_day_release_minutes, confirms_at_once, cancel_cutoff_hours, reschedule_cutoff_hours, holds_per_address,
    holds_per_hour, consent_version}');
