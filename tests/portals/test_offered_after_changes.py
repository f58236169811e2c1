"""What a visit's page offers once the practice has changed: nothing that ends in a refusal."""

from __future__ import annotations

import pytest
from django.test import Client

from appointments.links import token_for
from appointments.models import Appointment
from clinic.core import db
from dentists.models import Dentist, Offer, Treatment
from tests.factories import Cast


def offered(visit: Appointment) -> tuple[bool, bool]:
    """Whether the visit's page offers to move it, and to book the same again."""
    context = Client().get(f"/visit/{token_for(visit.pk)}").context
    return context["options"].may_move, context["again_url"] is not None


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ("nothing", (True, True)),
        ("dentist", (False, False)),
        ("treatment", (False, False)),
        ("online booking", (True, False)),
    ],
)
def test_what_the_practice_has_given_up_is_not_offered(cast: Cast, gone: str, expected: tuple[bool, bool]) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with db.as_owner():
        if gone == "dentist":
            Dentist.objects.filter(pk=cast.weber.pk).update(is_active=False)
        elif gone == "treatment":
            Appointment.objects.filter(pk=visit.pk).update(treatment=None)
        elif gone == "online booking":
            Treatment.objects.filter(pk=cast.checkup.pk).update(bookable_online=False)
    assert offered(visit) == expected
    assert Client().get(f"/visit/{token_for(visit.pk)}/move").status_code == 200


def test_again_at_a_dentist_who_no_longer_does_it_shows_what_they_do(cast: Cast) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9)).appointment
    with db.as_owner():
        Offer.objects.filter(dentist=cast.weber, treatment=cast.checkup).delete()
    guest = Client()
    page = guest.get(f"/visit/{token_for(visit.pk)}/again", follow=True)
    assert (page.status_code, page.context["dentist"], page.context["treatment"]) == (200, cast.weber, None)
