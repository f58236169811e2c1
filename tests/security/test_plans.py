"""What row-level security costs: who asks is found out once a query, and policies leave the indexes in use.

The queries are those that pages and verbs really send, explained in their own transaction, under their own caller, on a few
thousand visits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from appointments.models import Appointment
from appointments.queries import visit_by_reference
from availability.catalogue import offered
from availability.queries import slots_on
from clinic.accounts.models import User
from clinic.core import db
from clinic.core.actor import ANONYMOUS
from tests.conftest import empty_database
from tests.factories import Cast, make_cast
from tests.security.people import connected

VISITS = 6000
Plan = dict[str, Any]
GROWING = ("appointments_appointment", "availability_occupancy", "patients_patient", "history_change")


@pytest.fixture(scope="module")
def busy() -> Iterator[Cast]:
    """A clinic with thousands of visits: Ana's are every three hundredth, Dr. Weber's every other."""
    try:
        cast = make_cast()
        cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
        fill(cast)
        yield cast
    finally:
        with connected("postgres") as raw:
            raw.execute("SET session_replication_role = replica")
            raw.execute(f"TRUNCATE {', '.join(GROWING)} CASCADE")
        empty_database()


def fill(cast: Cast) -> None:
    """Copies the one visit that there is; on other days time is taken by nothing in particular."""
    with connected("postgres") as raw:
        # Triggers and foreign keys rest meanwhile: what they write is copied along.
        raw.execute("SET session_replication_role = replica")
        raw.execute(
            "INSERT INTO patients_patient SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(),"
            " 'account_id', NULL, 'relation', 'guest', 'email', n || '@example.net'))).*"
            " FROM patients_patient p, generate_series(1, 500) n WHERE p.account_id = %s", [cast.ana.pk]
        )  # fmt: skip
        raw.execute(
            "INSERT INTO appointments_appointment SELECT (jsonb_populate_record(a, jsonb_build_object("
            " 'id', gen_random_uuid(), 'booking_reference', translate('DC-' || to_char(n, 'FM000000'), '01', 'XY'),"
            " 'account_id', CASE WHEN n %% 300 = 0 THEN a.account_id END,"
            " 'dentist_id', CASE WHEN n %% 2 = 0 THEN a.dentist_id ELSE %s END,"
            " 'patient_email', n || '@example.net', 'starts_at', a.starts_at + n / 8 * interval '1 day',"
            " 'ends_at', a.ends_at + n / 8 * interval '1 day'))).* FROM appointments_appointment a, generate_series(2, %s) n",
            [cast.okafor.pk, VISITS],
        )
        raw.execute(
            "INSERT INTO availability_occupancy (source_id, kind, dentist_id, starts_at, ends_at, visit_starts_at,"
            " visit_ends_at, holder) SELECT gen_random_uuid(), 'visit', d, t, t + interval '30 minutes', t,"
            " t + interval '30 minutes', '' FROM unnest(%s::uuid[]) d, generate_series(%s::timestamptz,"
            " %s::timestamptz + interval '150 days', interval '1 hour') t",
            [[cast.weber.pk, cast.okafor.pk], cast.at(10), cast.at(10)],
        )
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(GROWING)}")


@contextmanager
def explained() -> Iterator[list[Plan]]:
    """The plan of every reading statement of callers in the block, as it ran."""
    plans: list[Plan] = []

    def explain(execute: Callable[..., Any], statement: str, params: Any, many: bool, context: Any) -> Any:
        if re.match(r"\s*(SELECT|WITH)\b.*\b(FROM|identity)\b", statement, re.DOTALL):
            with context["connection"].connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, VERBOSE, FORMAT JSON) {statement}", params)
                plans.append(cursor.fetchone()[0][0]["Plan"])
        return execute(statement, params, many, context)

    with connections["default"].execute_wrapper(explain):
        yield plans


def nodes(plan: Plan, *, once: bool = False) -> Iterator[tuple[Plan, bool]]:
    """Every step of a plan, and whether it belongs to what is found out beforehand, once."""
    once = once or plan.get("Parent Relationship") == "InitPlan"
    yield plan, once
    for inner in plan.get("Plans", []):
        yield from nodes(inner, once=once)


def asked_per_row(plans: list[Plan]) -> list[str]:
    """Where who asks is found out other than once a query."""
    return [
        f"{node['Node Type']}: {name} {value}"
        for plan in plans
        for node, once in nodes(plan)
        for name, value in node.items()
        if name != "Plans" and "identity." in str(value) and not (once and node["Actual Loops"] <= 1)
    ]


def asked_once(plans: list[Plan]) -> int:
    """How often plans find out beforehand who asks."""
    return sum("identity." in str(node.get("Output")) for plan in plans for node, once in nodes(plan) if once)


def read_whole(plans: list[Plan]) -> list[str]:
    """Large tables of which a plan looked at more than a page of rows, or at all of them one by one."""
    found = []
    for plan in plans:
        for node, _ in nodes(plan):
            if (table := node.get("Relation Name")) in GROWING:
                looked_at = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
                if node["Node Type"] == "Seq Scan" or looked_at > VISITS / 20:
                    found.append(f"{node['Node Type']} {table}: {looked_at:.0f} rows")
    return found


def signed_in(user_id: Any) -> Client:
    client = Client()
    with db.signing_in():
        client.force_login(User.objects.get(pk=user_id))
    return client


def my_visits(cast: Cast) -> None:
    shown = signed_in(cast.ana.pk).get("/visits").context
    assert len(shown["coming"]) == VISITS // 300 + 1


def one_visit(cast: Cast) -> None:
    with db.reading(cast.as_ana):
        visit = Appointment.objects.filter(account_id=cast.ana.pk).first()
    assert visit is not None
    assert signed_in(cast.ana.pk).get(f"/visits/{visit.pk}").status_code == 200


def dentists_day(cast: Cast) -> None:
    day = cast.at(9, days=7).date()
    assert len(signed_in(cast.weber.user_id).get(f"/dentist/?day={day}").context["rows"]) == 4


def slots_of_a_day(cast: Cast) -> None:
    with db.reading(ANONYMOUS):
        what = offered(cast.weber, cast.checkup, actor=ANONYMOUS)
        assert slots_on(ANONYMOUS, what, cast.at(9, days=7).date())


def by_reference(cast: Cast) -> None:
    with db.reading(cast.as_admin):
        assert list(Appointment.objects.filter(booking_reference="DC-22222Z")) == []


HOT = {"my visits": my_visits, "one visit": one_visit, "a dentist's day": dentists_day, "slots": slots_of_a_day,
       "staff by reference": by_reference}  # fmt: skip


@pytest.mark.parametrize("name", HOT)
def test_a_hot_query_asks_once_who_is_there_and_reads_what_it_shows(busy: Cast, name: str) -> None:
    with explained() as plans:
        HOT[name](busy)
    assert len(plans) > 0
    assert asked_per_row(plans) == []
    assert read_whole(plans) == []
    # Who a slot is shown to is asked inside `availability_busy`, which is explained below.
    assert (asked_once(plans) > 0) == (name != "slots")


def body_of(function: str, values: dict[str, str]) -> str:
    """What a function in SQL does, with values in the place of its parameters."""
    statement = str(db.value("SELECT prosrc FROM pg_proc WHERE oid = %s::regprocedure", [function]))
    for name, value in values.items():
        statement = re.sub(rf"\b{name}\b", lambda _, value=value: value, statement)  # type: ignore[misc]  # bound at once
    return statement


def test_functions_with_their_owners_rights_use_indexes_too(busy: Cast) -> None:
    span = {
        "p_from": f"'{busy.at(0).isoformat()}'::timestamptz",
        "p_until": f"'{busy.at(23).isoformat()}'::timestamptz",
    }
    dentists = {"p_dentists": f"'{{{busy.weber.pk}}}'::uuid[]"}
    person = {"p_patient": f"'{busy.ana_herself.pk}'::uuid"}
    asked = {"p_reference": "'DC-22222Z'", "p_email": "'ana@example.net'"}
    plans = []
    with db.as_owner():
        for function, values in {
            "availability_busy(uuid[],timestamptz,timestamptz,uuid)": dentists | span | {"p_except": "NULL::uuid"},
            "appointments_is_known(uuid)": person,
            "appointments_by_reference(text,text)": asked,
        }.items():
            statement = "EXPLAIN (ANALYZE, VERBOSE, FORMAT JSON) " + body_of(function, values)
            plans.append(db.value(statement.replace("%", "%%"))[0]["Plan"])
    assert asked_per_row(plans) == []
    assert read_whole(plans) == []
    assert asked_once(plans) == 1
    with pytest.raises(Exception, match="not_found"):
        visit_by_reference(ANONYMOUS, "DC-22222Z", "ana@example.net")


@contextmanager
def changed(how: str, back: str) -> Iterator[None]:
    run(how)
    try:
        yield
    finally:
        run(back)


def run(statement: str) -> None:
    with db.as_owner(), db.connection().cursor() as cursor:
        cursor.execute(statement)


def test_control_a_policy_that_asks_for_every_row_is_found(busy: Cast) -> None:
    policy = "ALTER POLICY patient_own ON appointments_appointment USING (account_id = {})"
    asking = "identity.user_as('patient')"
    with changed(policy.format(asking), policy.format(f"(SELECT {asking})")), explained() as plans:
        my_visits(busy)
    assert asked_per_row(plans) != []


def test_control_without_the_index_reading_all_is_found(busy: Cast) -> None:
    with db.as_owner():
        again = str(db.value("SELECT pg_get_indexdef('appointment_by_account'::regclass)"))
    with changed("DROP INDEX appointment_by_account", again), explained() as plans:
        my_visits(busy)
    assert read_whole(plans) != []
