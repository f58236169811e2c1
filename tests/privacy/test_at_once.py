"""Booking and erasing at the same time: whoever comes second finds what the first left, and nothing slips through."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from appointments.booking import book
from appointments.models import Appointment
from clinic.core import db
from clinic.core.errors import NotSignedIn
from clinic.patients.models import Patient
from clinic.privacy.erasing import erase_account
from clinic.privacy.errors import OF_AN_ACCOUNT
from tests.factories.people import PASSWORD
from tests.privacy.canaries import BORN, CONTACT, EMAIL, NAME, PHONE, places
from tests.privacy.conftest import Quilla, told


@pytest.mark.parametrize("name", [NAME, "Quilla Somebodyelse"])
def test_who_books_while_the_account_goes_leaves_nothing_behind(quilla: Quilla, name: str) -> None:
    cast, start = quilla.cast, Barrier(7)

    def booking(number: int) -> str:
        contact = cast.guest(name, email=CONTACT, phone=PHONE, birth_date=BORN)
        wish = cast.wish(cast.at(9 + number, days=3), contact=contact, medical=told())
        try:
            start.wait(20)
            book(quilla.actor, wish)
        except NotSignedIn:
            return "too late"
        finally:
            connections.close_all()
        return "booked"

    def erasing() -> str:
        try:
            start.wait(20)
            erase_account(quilla.actor, email=EMAIL, password=PASSWORD)
        finally:
            connections.close_all()
        return "erased"

    with ThreadPoolExecutor(7) as crowd:
        answers = [crowd.submit(booking, number) for number in (0, 1, 2, 4, 5, 6)]
        assert crowd.submit(erasing).result() == "erased"
        booked = [answer.result() for answer in answers].count("booked")
    # Each of the others was told that there is no such account, not that something is broken.
    assert places() == {}
    with db.as_owner():
        assert Appointment.objects.count() == 5 + booked
        assert Appointment.objects.filter(erased_at=None).count() == 0
        assert Patient.objects.filter(erased_at=None).exclude(account__in=[cast.ana.pk, cast.ben.pk]).count() == 0


def test_the_database_names_what_is_told_so() -> None:
    """Names that Django makes up: one that changed would be an error of the server again."""
    with db.as_owner():
        found = db.rows("SELECT conname FROM pg_constraint WHERE conname = ANY (%s)", [list(OF_AN_ACCOUNT)])
    assert {name for (name,) in found} == set(OF_AN_ACCOUNT)
