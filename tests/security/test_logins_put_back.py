"""What SQL in a request can set for the login that all requests share ends with the next set-up of the roles."""

from __future__ import annotations

from django.db import connections

from clinic.core import db
from clinic.core.roles import ensure_roles

MINE = """SELECT unnest(setconfig) FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
           WHERE r.rolname = 'clinic_web'
             AND setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"""


def kept() -> set[str]:
    with db.as_owner():
        return {setting for (setting,) in db.rows(MINE)}


def test_settings_of_the_login_are_put_back_those_of_one_database_too(database: None) -> None:
    before = kept()
    known = connections["default"].settings_dict["NAME"]
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute(f'ALTER ROLE clinic_web IN DATABASE "{known}" SET search_path = elsewhere')
    try:
        assert kept() == before | {"search_path=elsewhere"}
    finally:
        with db.as_owner():
            ensure_roles()
    assert kept() == before
