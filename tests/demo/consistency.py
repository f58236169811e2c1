"""Whether the stored visits and the time that they take say the same, as the triggers would have written it."""

from __future__ import annotations

from typing import Any

from clinic.core import db

_WANTED = """
    SELECT id, 'visit', dentist_id, patient_id, starts_at - make_interval(mins => buffer_before_minutes),
           ends_at + make_interval(mins => buffer_after_minutes), starts_at, ends_at
      FROM appointments_appointment WHERE appointments_holds_time(status) AND dentist_id IS NOT NULL
"""
_STORED = """
    SELECT source_id, kind, dentist_id, person_id, starts_at, ends_at, visit_starts_at, visit_ends_at
      FROM availability_occupancy
"""
_FOLLOWS = """
    SELECT a.booking_reference FROM appointments_appointment a
      JOIN dentists_dentist d ON d.id = a.dentist_id
      JOIN patients_patient p ON p.id = a.patient_id
      JOIN dentists_treatment t ON t.id = a.treatment_id
     WHERE (a.dentist_name, a.dentist_email, a.account_id, a.treatment_name)
           IS DISTINCT FROM (d.name, d.email, p.account_id, t.name)
"""
_RULES = """
    SELECT c.relname, 'table', c.relrowsecurity::text || c.relforcerowsecurity::text
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'public' AND relkind = 'r'
    UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0
    UNION ALL SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
      FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
     ORDER BY 1, 2, 3
"""


def contradictions() -> list[tuple[Any, ...]]:
    """Rows of one side that the other does not have, and visits whose copied names differ. Empty when all is well."""
    with db.as_owner():
        found = db.rows(f"({_WANTED} EXCEPT {_STORED}) UNION ALL ({_STORED} EXCEPT {_WANTED})")
        return found + db.rows(_FOLLOWS)


def rules() -> list[tuple[Any, ...]]:
    """Every constraint, index, trigger and policy switch of the database, as it says them itself."""
    with db.as_owner():
        return db.rows(_RULES)
