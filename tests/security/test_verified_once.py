"""A signature is verified where the answer would be a value, and nowhere else: it is what identity costs."""

from __future__ import annotations

from uuid import uuid4

from appointments.models import Appointment
from clinic.core import db
from clinic.core.actor import ANONYMOUS, Actor, Role
from tests.factories import Cast


def verified(actor: Actor, statement: str) -> int:
    """How often one statement of this caller makes the database read the keys of signatures."""
    with db.reading(actor):
        oid = "SELECT c.oid FROM pg_class c WHERE c.relname = 'signing_key'"
        before = db.value(f"SELECT pg_stat_get_xact_numscans(({oid}))")
        db.rows(statement)
        return int(db.value(f"SELECT pg_stat_get_xact_numscans(({oid}))") - before)


def test_ones_own_visits_cost_one_signature(cast: Cast) -> None:
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
    visits = str(Appointment.objects.values("id").query)
    assert verified(cast.as_ana, visits) == 1
    # With a private link besides there are two answers to give, the second one only where the first was not enough.
    assert verified(cast.as_ana.with_visit(uuid4()), visits) in (1, 2)
    assert verified(cast.as_dentist(cast.weber), visits) in (1, 2)
    assert verified(ANONYMOUS, visits) == 0
    assert verified(ANONYMOUS.with_visit(uuid4()), visits) == 1


def test_what_a_context_does_not_name_is_not_verified(cast: Cast) -> None:
    asked = "SELECT identity.user_as('{0}'), identity.dentist(), identity.holders(), identity.visit_as('{0}')"
    assert verified(Actor(Role.PATIENT), asked.format("patient")) == 0
    assert verified(Actor(Role.PATIENT, cast.ana.pk), asked.format("patient")) == 2  # and one's own holds
    assert verified(Actor(Role.PATIENT), "SELECT identity.acts_as('patient')") == 1
