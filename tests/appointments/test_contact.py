"""Who a visit is for: the caller's own people, guests who come again, and nobody else's."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest

from appointments.contact import Contact, checked
from appointments.errors import BadContact
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS, Actor, Role
from clinic.patients.models import Patient
from tests.appointments.told import told
from tests.factories import Cast
from tests.factories.people import make_person
from tests.factories.stored import nothing_stored


def person_of(cast: Cast, actor: Actor, hour: int, contact: Contact) -> Patient:
    booked = cast.booked(actor, cast.at(hour), contact=contact)
    with db.as_owner():
        return Patient.objects.get(pk=booked.appointment.patient_id)


def test_a_guest_who_comes_again_is_the_same_person(cast: Cast) -> None:
    born = date(1980, 5, 1)
    first = person_of(cast, cast.nobody("a"), 9, cast.guest("Gus Guest", birth_date=born))
    again = person_of(
        cast, cast.nobody("b"), 10, cast.guest("  gus   GUEST ", email="GUS@example.net", birth_date=born)
    )
    other = person_of(cast, cast.nobody("c"), 11, cast.guest("Gus Guest", birth_date=date(2010, 5, 1)))
    assert first.pk == again.pk
    assert other.pk != first.pk
    assert (first.name, first.email, first.account_id, first.relation) == (
        "Gus Guest",
        "gus@example.net",
        None,
        "guest",
    )


def test_an_account_holds_several_people(cast: Cast) -> None:
    ana = cast.as_ana
    herself = person_of(cast, ana, 9, cast.guest("ANA RUIZ"))
    child = person_of(cast, ana, 10, cast.guest("Mia Ruiz", birth_date=date(2020, 2, 29)))
    again = person_of(cast, ana, 11, cast.guest("Mia Ruiz"))
    assert herself.pk == cast.ana_herself.pk
    assert (child.account_id, child.relation, child.birth_date) == (cast.ana.pk, "other", date(2020, 2, 29))
    assert again.pk == child.pk


def test_a_named_person_is_taken_when_they_are_the_callers(cast: Cast) -> None:
    with db.as_owner():
        child = make_person(cast.ana, name="Mia Ruiz", relation="child")
    wanted = cast.guest("Mia Ruiz", patient_id=child.pk)
    assert person_of(cast, cast.as_ana, 9, wanted).pk == child.pk
    assert person_of(cast, cast.as_desk, 10, wanted).pk == child.pk


def test_nobody_books_for_somebody_elses_person(cast: Cast) -> None:
    callers = [cast.as_ben, cast.nobody(), Actor(Role.BOT, cast.ben.pk), cast.as_dentist(cast.weber)]
    wanted = cast.guest("Ana Ruiz", patient_id=cast.ana_herself.pk)
    nobody_at_all = cast.guest("Ana Ruiz", patient_id=uuid.uuid4())
    with nothing_stored():
        for actor in callers:
            assert told(lambda actor=actor: cast.booked(actor, cast.at(9), contact=wanted)) == "not_found"
            assert told(lambda actor=actor: cast.booked(actor, cast.at(9), contact=nobody_at_all)) == "not_found"


def test_one_person_by_several_ways_is_in_one_chair(cast: Cast) -> None:
    cast.booked(cast.nobody(), cast.at(9))
    with nothing_stored():
        assert told(lambda: cast.booked(cast.as_desk, cast.at(9), dentist=cast.okafor.pk)) == "already_booked"


GOOD: dict[str, Any] = {"name": "Gus Guest", "email": "gus@example.net", "phone": "030 1234567"}


BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "patient_name"),
    ({"name": " \t "}, "patient_name"),
    ({"name": "x" * 121}, "patient_name"),
    ({"name": "Gus\0Guest"}, "patient_name"),
    ({"name": "Gus \ud83d"}, "patient_name"),
    ({"name": "Gus \x07"}, "patient_name"),
    ({"email": ""}, "patient_email"),
    ({"email": "gus"}, "patient_email"),
    ({"email": "gus@example.net\nBcc: all@example.net"}, "patient_email"),
    ({"email": "gus\0@example.net"}, "patient_email"),
    ({"email": "g" * 250 + "@example.net"}, "patient_email"),
    ({"phone": ""}, "patient_phone"),
    ({"phone": "call me"}, "patient_phone"),
    ({"phone": "1"}, "patient_phone"),
    ({"phone": "0" * 5000}, "patient_phone"),
    ({"phone": "\ud83d\0"}, "patient_phone"),
    ({"birth_date": date(1899, 12, 31)}, "birth_date"),
    ({"birth_date": date(9999, 12, 31)}, "birth_date"),
]


def test_what_is_no_contact(cast: Cast) -> None:
    heard = []
    with nothing_stored():
        for changes, _ in BAD:
            with pytest.raises(BadContact) as refusal:
                cast.booked(cast.nobody(), cast.at(9), contact=Contact(**(GOOD | changes)))
            heard.append((changes, *refusal.value.fields))
    assert heard == BAD


def test_names_of_all_kinds_are_kept_as_given(cast: Cast) -> None:
    names = ["José Ñúñez", "Nguyễn Thị Hồng", "李小龍", "O’Brien-Smith", "Zoë 🦷", "👩‍👩‍👧 Family", "x" * 120]
    kept = [
        person_of(
            cast, cast.nobody(), 9 + number if number < 3 else 10 + number, Contact(**(GOOD | {"name": name}))
        ).name
        for number, name in enumerate(names[:6])
    ]
    assert kept == names[:6]
    assert checked(ANONYMOUS, Contact(**(GOOD | {"name": names[6]}))).name == names[6]


def test_staff_may_leave_email_and_phone_out(cast: Cast) -> None:
    for hour in (9, 10):
        person = person_of(cast, cast.as_desk, hour, Contact(name="Gus Guest"))
        assert (person.email, str(person.phone)) == ("", "")
    # Two callers of one name and no address are two people.
    with db.as_owner():
        assert Patient.objects.filter(name="Gus Guest").count() == 2


def test_born_today_is_born(cast: Cast) -> None:
    newborn = Contact(**(GOOD | {"birth_date": clock.today()}))
    assert checked(ANONYMOUS, newborn).birth_date == clock.today()
