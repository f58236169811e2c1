"""The scripts' stage over HTTP: the clinic of `dialogue_scripts/README.md` in the database, everything through the API."""

from __future__ import annotations

import itertools
import time as clocks
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F

from appointments.booking import Request, book
from appointments.contact import Contact
from appointments.models import ACTIVE, Appointment
from availability.models import Closure, Reservation, TimeOff, WorkingHours
from clinic.accounts.requests import actor_for
from clinic.core import clock, db
from clinic.core.models import ClinicSettings
from clinic.patients.claiming import claim_guests
from dentists.models import Dentist, Treatment
from tests.api.calling import Caller, sign_in
from tests.chatbot.dialogue_play import Booked, Shown
from tests.factories.people import make_dentist, make_person, make_treatment, make_user
from tests.security.people import connected

# The name, as a slug, minutes, price, and further fields.
_TREATMENTS: tuple[tuple[str, str, int, int, dict[str, Any]], ...] = (
    ("Check-up", "check-up", 30, 55, {}),
    ("Professional cleaning", "cleaning", 60, 98, {}),
    ("Tooth-coloured filling", "filling", 45, 130, {}),
    ("Toothache and injuries", "toothache", 30, 70, {}),
    ("Root canal treatment", "root-canal", 60, 460, {}),
    ("Wisdom tooth removal", "wisdom-tooth", 60, 240, {"minimum_age": 14}),
    ("Implant surgery", "implant", 60, 1950, {"minimum_age": 18, "bookable_online": False}),
    ("Braces and aligners: consultation", "orthodontics", 45, 65, {}),
    ("Children's check-up", "children", 30, 48, {}),
)
_GENERAL = ("check-up", "cleaning", "filling", "toothache", "children")
_DENTISTS = {
    "Dr. Jonas Weber": (*_GENERAL, "wisdom-tooth"),
    "Dr. Ngozi Okafor": (*_GENERAL, "root-canal"),
    "Dr. Maja Lindqvist": ("orthodontics", "check-up"),
}


@dataclass
class Http:
    """A `Stage`. `seconds` are how long each answer took. The clock stands still at ten on the next Wednesday, but for the
    minutes that a script lets pass; the database's goes on."""

    patch: pytest.MonkeyPatch
    seconds: list[float] = field(default_factory=list)
    caller: Caller = field(default_factory=Caller)
    conversation: str = ""
    token: str = ""
    waiting: list[tuple[str, datetime]] = field(default_factory=list)
    unreachable: bool = False

    def __post_init__(self) -> None:
        today = clock.local(clock.now()).date()
        wednesday = today + timedelta(days=(2 - today.weekday() - 1) % 7 + 1)
        self.instant = clock.at(wednesday, time(10))
        self.patch.setattr(clock, "now", lambda: self.instant)
        self.others = itertools.count(1)
        with db.as_owner():
            self._furnish()

    def _furnish(self) -> None:
        ClinicSettings.objects.update(
            name="Harbour Dental",
            address="12 Quay Street\n10115 Berlin",
            phone="030 555 0100",
            email="desk@harbour.example",
            slot_step_minutes=60,
            min_notice_minutes=0,
            cancel_cutoff_hours=0,
            reschedule_cutoff_hours=0,
            max_advance_days=60,
        )
        offered: dict[str, Treatment] = {}
        for name, slug, minutes, price, more in _TREATMENTS:
            offered[slug] = make_treatment(name, slug=slug, duration_minutes=minutes, price=Decimal(price), **more)
        for name, slugs in _DENTISTS.items():
            dentist = make_dentist(name, *(offered[slug] for slug in slugs), days=())
            WorkingHours.objects.bulk_create(
                WorkingHours(
                    dentist=dentist, day_of_week=day, start_time=time(9), end_time=time(13 if day == 4 else 17)
                )
                for day in range(5)
            )
        self.desk = actor_for(make_user("Dana Desk", "desk"))

    @property
    def now(self) -> datetime:
        return _wall(self.instant)

    def open(self, language: str, signed_in: str) -> Shown:
        if signed_in:
            with db.as_owner():
                ana = make_user(signed_in, "patient", email="ana@example.org", email_verified_at=self.instant)
                make_person(ana, phone="+493012345678", birth_date=date(1985, 5, 24))
            with db.signing_in():
                claim_guests(ana.pk)
            self.caller = sign_in(ana)
        answer = self.caller.post("chatbot/conversations", {"language": language})
        assert answer.status == 201, answer
        self.conversation, self.token = answer.json["id"], answer.json["token"] or ""
        return _shown(answer.json)

    def say(self, text: str) -> Shown:
        return self._send({"text": text})

    def press(self, choice: str) -> Shown:
        return self._send({"choice": choice})

    def _send(self, body: dict[str, str]) -> Shown:
        shown = {"Conversation_Token": self.token} if self.token else {}
        began = clocks.perf_counter()
        with self._as_it_is():
            answer = self.caller.post(f"chatbot/conversations/{self.conversation}/messages", body, **shown)
        self.seconds.append(clocks.perf_counter() - began)
        assert answer.status == 200, answer
        return _shown(answer.json)

    @contextmanager
    def _as_it_is(self) -> Iterator[None]:
        """While the database is said to be out of reach, somebody keeps taken time for themselves until it gives up."""
        if not self.unreachable:
            yield
            return
        self.unreachable = False
        with connected("clinic_owner") as other:
            other.execute("LOCK TABLE availability_occupancy IN ACCESS EXCLUSIVE MODE")
            yield
            other.rollback()

    def _dentist(self, name: str) -> Dentist:
        with db.as_owner():
            return Dentist.objects.get(name__contains=name)

    def take(self, dentist: str, start: datetime) -> None:
        """By somebody else, through the API. What is held they get as soon as the hold has run out."""
        if not self._take(dentist, start):
            self.waiting.append((dentist, start))

    def _take(self, dentist: str, start: datetime) -> bool:
        number = next(self.others)
        body = {
            "dentist_id": str(self._dentist(dentist).pk),
            "treatment": "check-up",
            "appointment_date": start.date().isoformat(),
            "appointment_time": f"{start:%H:%M}",
            "patient_name": f"Somebody Else {number}",
            "patient_email": f"other{number}@example.net",
            "patient_phone": "030 7654321",
        }
        answer = Caller().post("appointments", body)
        assert answer.status == 201 or (answer.code == "slot_taken" and self.holds()), answer
        return answer.status == 201

    def away(self, dentist: str) -> None:
        who = self._dentist(dentist)
        with db.as_owner():
            TimeOff.objects.create(dentist=who, starts_at=self.instant, ends_at=self.instant + timedelta(days=400))

    def closed(self, day: date) -> None:
        with db.as_owner():
            Closure.objects.get_or_create(date=day)

    def minutes_pass(self, minutes: int) -> None:
        self.instant += timedelta(minutes=minutes)
        with db.as_owner():
            Reservation.objects.update(expires_at=F("expires_at") - timedelta(minutes=minutes))
        self.waiting = [one for one in self.waiting if not self._take(*one)]

    def unreachable_once(self) -> None:
        self.unreachable = True

    def add_visit(
        self, reference: str, email: str, dentist: str, start: datetime, *, changeable: bool, person: str
    ) -> None:
        request = Request(
            contact=Contact(name=person, email=email, phone="030 12345678"),
            treatment="cleaning",
            dentist=self._dentist(dentist).pk,
            start=clock.at(start.date(), start.time()),
        )
        visit = book(self.desk, request).appointment
        with db.as_owner():
            Appointment.objects.filter(pk=visit.pk).update(booking_reference=reference)
            if not changeable:
                ClinicSettings.objects.update(cancel_cutoff_hours=1440, reschedule_cutoff_hours=1440)

    def booked(self) -> list[Booked]:
        with db.as_owner():
            found = Appointment.objects.filter(booking_source="chatbot", status__in=ACTIVE).order_by("created_at")
            return [
                Booked(one.treatment_name, _wall(one.starts_at), one.dentist_name, one.patient_name, one.triage_band)
                for one in found
            ]

    def visits(self) -> dict[str, datetime]:
        with db.as_owner():
            found = Appointment.objects.filter(status__in=ACTIVE)
            return {one.booking_reference: _wall(one.starts_at) for one in found}

    def holds(self) -> bool:
        with db.as_owner():
            return bool(
                db.value("SELECT EXISTS (SELECT FROM availability_reservation WHERE expires_at > clock_timestamp())")
            )


def _wall(moment: datetime) -> datetime:
    return clock.local(moment).replace(tzinfo=None)


def _shown(told: dict[str, Any]) -> Shown:
    message = told["messages"][-1]
    return Shown(
        text=message["text"],
        step=told["state"],
        buttons=tuple((one["id"], one["label"]) for one in message["choices"]),
        times=tuple(
            (one["id"], _wall(datetime.fromisoformat(one["start"])), one["dentist_name"]) for one in message["slots"]
        ),
        band=told["urgency"]["band"] if told["urgency"] else "",
    )
