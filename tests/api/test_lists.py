"""Lists: pages, orders by allow-list, and the same number of queries however many rows there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.models import Appointment
from appointments.references import new_reference
from availability.models import Closure, DateOverride, TimeOff
from clinic.core import db
from clinic.patients.models import Patient
from dentists.models import Dentist, Offer
from tests.api.calling import Caller, sign_in
from tests.factories import Cast, make_treatment


def visits(cast: Cast, numbers: range) -> None:
    with db.as_owner():
        person = Patient.objects.get(pk=cast.ana_herself.pk)
        Appointment.objects.bulk_create(
            Appointment(
                booking_reference=new_reference(), patient=person, dentist=cast.weber, treatment=cast.checkup,
                treatment_name="Check-up", starts_at=cast.at(9, days=number), ends_at=cast.at(10, days=number),
                patient_name=f"Ana {number}", payment_amount=60,
            )
            for number in numbers
        )  # fmt: skip


def closures(cast: Cast, numbers: range) -> None:
    with db.as_owner():
        Closure.objects.bulk_create(Closure(date=cast.monday + timedelta(days=number)) for number in numbers)


def overrides(cast: Cast, numbers: range) -> None:
    with db.as_owner():
        DateOverride.objects.bulk_create(
            DateOverride(dentist=cast.weber, date=cast.monday + timedelta(days=number)) for number in numbers
        )


def time_off(cast: Cast, numbers: range) -> None:
    with db.as_owner():
        TimeOff.objects.bulk_create(
            TimeOff(dentist=cast.weber, starts_at=cast.at(9, days=number), ends_at=cast.at(10, days=number))
            for number in numbers
        )


def dentists(cast: Cast, numbers: range) -> None:
    with db.as_owner():
        for number in numbers:
            added = Dentist.objects.create(
                name=f"Dr. Zoe {number:02}", slug=f"zoe-{number}", email=f"z{number}@example.org", practising_since=1990
            )
            Offer.objects.create(dentist=added, treatment=cast.checkup)
            Offer.objects.create(dentist=added, treatment=cast.filling)


def treatments(cast: Cast, numbers: range) -> None:
    with db.as_owner():
        for number in numbers:
            make_treatment(f"Extra {number:02}", price=number % 3, duration_minutes=5 + number % 2)


@dataclass(frozen=True)
class List:
    """A list, who reads it, what fills it with rows of these numbers, the orders it can be asked in and the field of each."""

    path: str
    who: str
    fill: Callable[[Cast, range], None]
    orders: dict[str, str]
    default: str

    def __str__(self) -> str:
        return f"{self.path} {self.who}"

    def reader(self, cast: Cast) -> Caller:
        people = {"ana": cast.ana, "weber": cast.weber, "desk": cast.dana, "admin": cast.ada}
        return sign_in(people[self.who]) if self.who in people else Caller()

    def asked(self, **more: Any) -> str:
        word = "&" if "?" in self.path else "?"
        return self.path + "".join(
            f"{word if not n else '&'}{name}={value}" for n, (name, value) in enumerate(more.items())
        )


_VISIT_ORDERS = {"start": "start", "created_at": "created_at", "status": "status"}
_DENTIST_ORDERS = {"name": "name", "practising_since": "practising_since"}
LISTS = [
    *(List("appointments", who, visits, _VISIT_ORDERS, "-start") for who in ("ana", "weber", "desk", "admin")),
    List("availability/closures", "nobody", closures, {"date": "date"}, "date"),
    List("availability/eva-weber/overrides", "nobody", overrides, {"date": "date"}, "date"),
    List("availability/eva-weber/time-off", "weber", time_off, {"starts_at": "starts_at"}, "starts_at"),
    *(List("profiles/dentists?q=zoe", who, dentists, _DENTIST_ORDERS, "name") for who in ("nobody", "admin")),
    List(
        "treatments?q=extra",
        "nobody",
        treatments,
        {"name": "name", "price": "price", "duration": "duration_minutes"},
        "name",
    ),
]
every_list = pytest.mark.parametrize("one", LISTS, ids=str)


@every_list
def test_thirty_rows_cost_as_many_queries_as_one(cast: Cast, one: List) -> None:
    reader, path = one.reader(cast), one.asked(page_size=100)
    reader.get(path)  # what a process asks once
    costs = {}
    for there, wanted in ((0, 1), (1, 30)):
        one.fill(cast, range(there, wanted))
        with CaptureQueriesContext(connection) as asked:
            answer = reader.get(path)
        assert len(answer.json["results"]) == wanted
        costs[wanted] = len(asked)
    assert costs[30] == costs[1]


@every_list
def test_pages_lead_through_all_of_it_and_back(cast: Cast, one: List) -> None:
    reader = one.reader(cast)
    one.fill(cast, range(5))
    whole = reader.get(one.asked()).json
    assert (whole["count"], whole["next"], whole["previous"], len(whole["results"])) == (5, None, None, 5)
    page, seen = reader.get(one.asked(page_size=2)).json, []
    while True:
        seen.append(page["results"])
        if page["next"] is None:
            break
        page = reader.get(page["next"].removeprefix("http://testserver/api/")).json
    assert [len(rows) for rows in seen] == [2, 2, 1]
    assert [row for rows in seen for row in rows] == whole["results"]
    back = [page]
    while back[-1]["previous"]:
        back.append(reader.get(back[-1]["previous"].removeprefix("http://testserver/api/")).json)
    assert [page["results"] for page in reversed(back)] == seen


@every_list
def test_a_page_after_the_last_is_not_there(cast: Cast, one: List) -> None:
    reader = one.reader(cast)
    one.fill(cast, range(2))
    assert reader.get(one.asked(page_size=2, page=2)).told == (404, "not_found", ["page"])
    assert reader.get(one.asked(page=1_000_000)).told == (404, "not_found", ["page"])


@every_list
def test_an_empty_list_has_one_page(cast: Cast, one: List) -> None:
    assert one.reader(cast).get(one.asked()).json == {"count": 0, "next": None, "previous": None, "results": []}


UNKNOWN = [("page", "0"), ("page", "x"), ("page", "1000001"), ("page_size", "0"), ("page_size", "101"),
           ("page_size", "1e3"), ("ordering", "id"), ("ordering", "-"), ("ordering", "password"), ("colour", "red"),
           ("ORDERING", "name")]  # fmt: skip


@every_list
def test_what_a_list_does_not_know_is_refused_by_name(cast: Cast, one: List) -> None:
    reader = one.reader(cast)
    told = [reader.get(one.asked(**{word: value})).told for word, value in UNKNOWN]
    assert told == [(400, "malformed", [word]) for word, _value in UNKNOWN]


@every_list
def test_it_is_ordered_as_asked(cast: Cast, one: List) -> None:
    reader = one.reader(cast)
    one.fill(cast, range(6))
    plain = reader.get(one.asked()).json["results"]
    assert plain == reader.get(one.asked(ordering=one.default)).json["results"]
    for order, field in one.orders.items():
        up, down = (reader.get(one.asked(ordering=sign + order)).json["results"] for sign in ("", "-"))
        values = [row[field] for row in up]
        assert values == sorted(values, key=lambda value: float(value) if order == "price" else value)
        assert down == up[::-1]
