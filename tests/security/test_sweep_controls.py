"""The sweep itself: with a guard off it fails."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from appointments import policies
from appointments.models import Appointment
from clinic.accounts import signed_in
from clinic.accounts.models import Session
from clinic.core import db
from clinic.core.errors import NotFound
from clinic.portals.patient import shown
from tests.factories import Cast
from tests.security.sweep_table import Naming
from tests.security.sweeping import make_scene
from tests.security.test_sweep import given_away


def as_owner(actor: Any, visit_id: UUID) -> Appointment:
    """A query that forgets whose the visit is."""
    with db.as_owner():
        found = Appointment.objects.select_related("dentist", "treatment").filter(pk=visit_id).first()
    if found is None:
        raise NotFound()
    return found


def test_a_query_that_forgets_whose_it_is_is_noticed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "visit_for", as_owner)
    monkeypatch.setattr(policies, "owns", lambda *_whose: True)
    found = given_away(make_scene(cast), Naming("visits/{visit}", "account", "-"))
    assert "ana get ben" in [one.partition(":")[0] for one in found]


def test_an_answer_that_differs_in_its_status_alone_is_noticed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row-level security gone, the policy still there: nothing is shown, but a refusal would tell."""

    def refusing(actor: Any, visit_id: UUID) -> Appointment:
        visit = as_owner(actor, visit_id)
        if not policies.owns(actor, visit):
            raise shown.NotSignedIn()
        return visit

    monkeypatch.setattr(shown, "visit_for", refusing)
    assert given_away(make_scene(cast), Naming("visits/{visit}/calendar.ics", "account", "-")) != []


def test_a_foreign_row_that_is_touched_is_noticed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer stays the same: only the tables tell."""

    def end(user_id: UUID, key: str) -> None:
        with db.signing_in():
            for row in Session.objects.only("session_key"):
                if signed_in._key(row.session_key) == key:
                    row.delete()

    monkeypatch.setattr(signed_in, "end", end)
    found = given_away(make_scene(cast), Naming("accounts/security/{browser}/end", "self", "-"))
    assert "accounts_session was changed" in found
