"""Whose is what: every route about one thing, asked by everybody.

A number is the status that the caller gets. What is somebody else's is 404, what is public but not theirs to change 403. A
refusal changes nothing, and whatever is answered with less than 400 to a writing method changes something, unless `=`
says that nothing is changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import pytest

from appointments import links
from appointments.models import Appointment, Status
from availability.models import Closure, DateOverride, TimeOff
from availability.reservations import reserve
from chatbot.conversations import begin
from clinic.core import clock, db
from dentists.models import Dentist
from tests.api.calling import Caller, sign_in
from tests.api.everything import changed_since, everything
from tests.api.routes import routes
from tests.factories import Cast, make_dentist, make_user

CALLERS = ("nobody", "link", "ana", "ben", "weber", "okafor", "desk", "admin", "bot")

# The visits are Ana's, with Dr. Weber; `link` is somebody without an account who shows the visit's private link. The hold and the
# conversation are Ana's, schedule and profile are Dr. Weber's, `retired` is a dentist who takes no bookings.
MATRIX = """
                                                      nobody link  ana   ben   weber okafor desk admin  bot
GET    appointments/{visit}                     -        401  200   200   404   200   404   200   200   404
PUT    appointments/{visit}                     contact  401  200   200   404   200   404   200   200   404
PATCH  appointments/{visit}                     name     401  200   200   404   200   404   200   200   404
PATCH  appointments/{visit}                     symptoms 401  200   200   404   403   404   403   403   404
PATCH  appointments/{visit}                     later    401  200   200   404   200   404   200   200   404
DELETE appointments/{visit}                     -        401  200   200   404   200   404   200   200   404
POST   appointments/{pending}/confirm           nothing  401  401   403   403   200   404   200   200   403
POST   appointments/{begun}/check-in            nothing  401  401   403   403   200   404   200   200   403
POST   appointments/{arrived}/complete          nothing  401  401   403   403   200   404   200   200   403
POST   appointments/{begun}/no-show             nothing  401  401   403   403   200   404   200   200   403
POST   appointments/{arrived}/undo              nothing  401  401   403   403   200   404   200   200   403
POST   appointments/{visit}/cancel              reason   401  200   200   404   200   404   200   200   404
POST   appointments/{visit}/reschedule          later    401  200   200   404   200   404   200   200   404
GET    appointments/{visit}/calendar.ics        -        401  200   200   404   200   404   200   200   404
POST   appointments                             for-ana  404  404   201   404   201   404   201   201   404
DELETE availability/reserve/{hold}              -        204= 204=  204   204=  204=  204=  204=  204=  204=
GET    availability/{dentist}                   -        200  200   200   200   200   200   200   200   200
PUT    availability/{dentist}                   week     401  401   403   403   200   403   200   200   403
PUT    availability/{dentist}?dry_run=true      week     401  401   403   403   200=  403   200=  200=  403
GET    availability/{dentist}/slots?date={day}  -        200  200   200   200   200   200   200   200   200
GET    availability/{dentist}/overrides         -        200  200   200   200   200   200   200   200   200
PUT    availability/{dentist}/overrides/{day}   morning  401  401   403   403   200   403   200   200   403
DELETE availability/{dentist}/overrides/{other} -        401  401   403   403   204   403   204   204   403
GET    availability/{dentist}/time-off          -        401  401   403   403   200   404   200   200   403
POST   availability/{dentist}/time-off          away     401  401   403   403   201   404   201   201   403
DELETE availability/{dentist}/time-off/{away}   -        401  401   403   403   204   404   204   204   403
DELETE availability/chidi-okafor/time-off/{away} -       401  401   403   403   404   404   404   404   403
GET    availability/{retired}                   -        404  404   404   404   404   404   404   200   404
GET    availability/closures                    -        200  200   200   200   200   200   200   200   200
POST   availability/closures                    closed   401  401   403   403   403   403   201   201   403
DELETE availability/closures/{closed}           -        401  401   403   403   403   403   204   204   403
GET    profiles/dentists/{dentist}              -        200  200   200   200   200   200   200   200   200
GET    profiles/dentists/{retired}              -        404  404   404   404   404   404   404   200   404
POST   profiles/dentists                        dentist  401  401   403   403   403   403   403   201   403
PUT    profiles/dentists/{dentist}              profile  401  401   403   403   403   403   403   200   403
PATCH  profiles/dentists/{dentist}              bio      401  401   403   403   403   403   403   200   403
DELETE profiles/dentists/{dentist}              -        401  401   403   403   403   403   403   204   403
PATCH  profiles/me                              my-bio   401  401   403   403   200   200   403   403   403
GET    chatbot/conversations/{conversation}     -        404  404  200   404   404   404   404  404   404
POST   chatbot/conversations/{conversation}/messages hello 404 404 200  404   404   404   404  404   404
POST   chatbot/conversations/{conversation}/offers -    404  404  200=  404   404   404   404  404   404
GET    treatments/check-up                      -        200  200   200   200   200   200   200   200   200
"""


@dataclass(frozen=True)
class Row:
    method: str
    path: str
    body: str
    told: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.body}"

    @property
    def shape(self) -> str:
        """The path with a star for each thing, to be found among the routes."""
        return re.sub(r"{\w+}|chidi-okafor|check-up", "*", self.path.partition("?")[0])


ROWS = [
    Row(words[0], words[1], words[2], tuple(words[3:]))
    for line in MATRIX.strip().splitlines()[1:]
    if (words := line.split())
]


class Scene:
    """The things of one request, made when they are named, an hour of their own for each caller."""

    def __init__(self, cast: Cast, number: int) -> None:
        self.cast, self.number = cast, number
        self.start = cast.at((9, 10, 11, 13, 14, 15, 16, 9, 10)[number], days=number // 7)
        self.later = self.start + timedelta(days=2)

    @cached_property
    def visit(self) -> str:
        booked = self.cast.booked(self.cast.as_ana, self.start, contact=self.cast.guest("Ana Ruiz"))
        return str(booked.appointment.pk)

    @property
    def pending(self) -> str:
        return self._become(status=Status.PENDING, confirmed_at=None)

    @property
    def arrived(self) -> str:
        return self._become(status=Status.CHECKED_IN, checked_in_at=clock.now())

    @property
    def begun(self) -> str:
        start = clock.now() - timedelta(hours=self.number + 1)
        return self._become(starts_at=start, ends_at=start + timedelta(minutes=30))

    def _become(self, **values: Any) -> str:
        visit = self.visit
        with db.as_owner():
            Appointment.objects.filter(pk=visit).update(**values)
        return visit

    @property
    def hold(self) -> str:
        held = reserve(self.cast.as_ana, dentist=self.cast.weber.pk, treatment=self.cast.checkup.pk, start=self.start)
        return str(held.id)

    @cached_property
    def conversation(self) -> str:
        return str(begin(self.cast.as_ana).id)

    dentist = "eva-weber"

    @property
    def day(self) -> str:
        return self.cast.monday.isoformat()

    @property
    def other(self) -> str:
        """A date with other hours than every week."""
        with db.as_owner():
            DateOverride.objects.get_or_create(dentist=self.cast.weber, date=self.later.date())
        return self.later.date().isoformat()

    @property
    def away(self) -> str:
        with db.as_owner():
            row = TimeOff.objects.create(dentist=self.cast.weber, starts_at=self.start, ends_at=self.later)
        return str(row.pk)

    @property
    def closed(self) -> str:
        with db.as_owner():
            Closure.objects.get_or_create(date=self.cast.monday)
        return self.cast.monday.isoformat()

    @property
    def retired(self) -> str:
        with db.as_owner():
            if not Dentist.objects.filter(slug="old-hand").exists():
                make_dentist("Dr. Old Hand", is_active=False)
        return "old-hand"

    def path(self, template: str) -> str:
        return re.sub(r"{(\w+)}", lambda found: str(getattr(self, found[1])), template)

    def body(self, name: str) -> Any:
        contact = {"patient_name": "Ana R. Ruiz", "patient_email": "ana@example.net", "patient_phone": "030 7654321"}
        hours = {"start_time": "10:00", "end_time": "11:30"}
        later = {"appointment_date": self.later.date().isoformat(), "appointment_time": f"{self.start:%H:%M}"}
        bodies: dict[str, Any] = {
            "-": None,
            "nothing": {},
            "contact": contact,
            "name": {"patient_name": "Ana R. Ruiz"},
            "symptoms": {"symptoms": "worse than yesterday"},
            "reason": {"reason": "away"},
            "later": later,
            "for-ana": contact | later | {"treatment": "check-up", "dentist_id": "eva-weber"},
            "week": {"hours": [hours | {"day_of_week": 2}]},
            "morning": {"intervals": [hours]},
            "away": {"starts_at": self.start.isoformat(), "ends_at": self.later.isoformat(), "reason": "a course"},
            "closed": {"date": self.later.date().isoformat(), "name": f"Moving day {self.start:%H:%M}"},
            "dentist": {"name": "Dr. Nora New", "email": "nora@clinic.example"},
            "profile": {"name": "Dr. Eva Weber-Klein", "email": "eva-weber@clinic.example"},
            "bio": {"bio": "Likes crowns."},
            "hello": {"text": "hello"},
            "my-bio": {"dentist": {"bio": "Likes crowns."}},
        }
        bodies["for-ana"]["patient_id"] = str(self.cast.ana_herself.pk)
        return bodies[name]


def everybody(cast: Cast) -> dict[str, Caller]:
    known: dict[str, Any] = {
        "ana": cast.ana,
        "ben": cast.ben,
        "weber": cast.weber,
        "okafor": cast.okafor,
        "desk": cast.dana,
    }
    with db.as_owner():
        known |= {"admin": cast.ada, "bot": make_user("Chat Bot", "bot")}
    signed_in = {name: sign_in(who) for name, who in known.items()}
    return {"nobody": Caller(), "link": Caller(), **signed_in}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_whose_it_is(cast: Cast, row: Row) -> None:
    spare, found = cast.booked(cast.as_ana, cast.at(9, days=4), contact=cast.guest("Ana Ruiz")).link, []
    for number, (name, caller) in enumerate(everybody(cast).items()):
        scene = Scene(cast, number)
        path, body = scene.path(row.path), scene.body(row.body)
        link = links.token_for(UUID(scene.visit)) if "visit" in vars(scene) else spare
        shown = {"X_Visit_Link": link} if name == "link" else {}
        before = everything()
        answer = caller.call(row.method.lower(), path, body, **shown)
        wrote = row.method != "GET" and changed_since(before) != []
        found.append(f"{answer.status}{'' if wrote or row.method == 'GET' or answer.status >= 400 else '='}")
        assert not (wrote and answer.status >= 400), (name, answer)
    assert dict(zip(CALLERS, found, strict=True)) == dict(zip(CALLERS, row.told, strict=True))


def test_every_route_with_an_id_is_in_the_matrix() -> None:
    asked = {(row.method.lower(), row.shape) for row in ROWS}
    there = {
        (method, one.shape) for one in routes() if one.has_id and not one.path.endswith("/") for method in one.methods
    }
    assert there - asked == set()


@pytest.mark.parametrize(
    ("name", "seen"),
    [("ana", ["Ana Ruiz"]), ("ben", ["Ben Krause"]), ("weber", ["Ana Ruiz", "Gus Guest"]), ("okafor", ["Ben Krause"]),
     ("desk", ["Ana Ruiz", "Ben Krause", "Gus Guest"]), ("admin", ["Ana Ruiz", "Ben Krause", "Gus Guest"])],
)  # fmt: skip
def test_a_list_holds_what_is_ones_own(cast: Cast, name: str, seen: list[str]) -> None:
    three(cast)
    listed = everybody(cast)[name].get("appointments?page_size=100").json
    assert (listed["count"], sorted(one["patient_name"] for one in listed["results"])) == (len(seen), seen)


def test_a_private_link_lists_one_visit(cast: Cast) -> None:
    gus = three(cast)
    listed = Caller().get("appointments", X_Visit_Link=f"http://testserver/visit/{gus}").json
    assert [one["patient_name"] for one in listed["results"]] == ["Gus Guest"]


@pytest.mark.parametrize("link", ["", "x", "A" * 46, "é"])
def test_a_link_that_is_none_opens_nothing(cast: Cast, link: str) -> None:
    three(cast)
    assert Caller().get("appointments", X_Visit_Link=link).told == (401, "not_signed_in", [])


def test_a_link_opens_no_other_visit(cast: Cast) -> None:
    gus, anas = three(cast), Scene(cast, 5).visit
    assert Caller().get(f"appointments/{anas}", X_Visit_Link=gus).told == (404, "not_found", [])


def three(cast: Cast) -> str:
    """A visit of Ana's and one of a guest with Dr. Weber, one of Ben's with Dr. Okafor; the link of the guest's."""
    cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"))
    cast.booked(cast.as_ben, cast.at(9), contact=cast.guest("Ben Krause"), dentist=cast.okafor.pk)
    return cast.booked(cast.nobody(), cast.at(10)).link
