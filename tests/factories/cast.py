from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from appointments.booking import Booked, Request, book
from appointments.contact import Contact
from clinic.accounts.models import User
from clinic.accounts.requests import actor_for
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS, Actor
from clinic.patients.models import Patient
from dentists.models import Dentist, Treatment
from tests.factories.people import make_dentist, make_person, make_treatment, make_user


@dataclass(frozen=True)
class Cast:
    weber: Dentist
    okafor: Dentist
    checkup: Treatment
    filling: Treatment  # buffers of 5 minutes before and 10 after
    ana: User
    ana_herself: Patient
    ben: User
    ben_himself: Patient
    dana: User  # front desk
    ada: User  # admin
    monday: date  # two weeks ahead, so that neither notice nor horizon are in the way

    def at(self, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
        """The instant of a wall time on that Monday, or so many days later."""
        return clock.at(self.monday + timedelta(days=days), time(hour, minute))

    def as_(self, user: User) -> Actor:
        with db.signing_in():
            fresh = User.objects.get(pk=user.pk)
        return actor_for(fresh)

    @property
    def as_ana(self) -> Actor:
        return self.as_(self.ana)

    @property
    def as_ben(self) -> Actor:
        return self.as_(self.ben)

    @property
    def as_desk(self) -> Actor:
        return self.as_(self.dana)

    @property
    def as_admin(self) -> Actor:
        return self.as_(self.ada)

    def as_dentist(self, dentist: Dentist) -> Actor:
        with db.signing_in():
            return actor_for(User.objects.get(pk=dentist.user_id))

    def nobody(self, secret: str = "whoever comes in") -> Actor:
        return ANONYMOUS.with_secret(secret)

    def booked(self, actor: Actor, start: datetime, **changes: object) -> Booked:
        """A check-up with Dr. Weber for whoever acts, unless told otherwise."""
        return book(actor, self.wish(start, **changes))

    def wish(self, start: datetime | None, **changes: object) -> Request:
        contact = changes.pop("contact", None) or self.guest()
        values = {"dentist": self.weber.pk, "treatment": self.checkup.pk, "start": start, "contact": contact} | changes
        return Request(**values)  # type: ignore[arg-type]  # a scenario names what it changes

    def guest(self, name: str = "Gus Guest", **changes: object) -> Contact:
        email = f"{name.split()[0].lower()}@example.net"
        return Contact(**({"name": name, "email": email, "phone": "030 1234567"} | changes))  # type: ignore[arg-type]  # as above


def make_cast() -> Cast:
    with db.as_owner():
        checkup = make_treatment("Check-up")
        filling = make_treatment(
            "Filling", duration_minutes=45, buffer_before_minutes=5, buffer_after_minutes=10, price=Decimal("120.00")
        )
        ana, ben = make_user("Ana Ruiz", "patient"), make_user("Ben Krause", "patient")
        today = clock.today()
        return Cast(
            weber=make_dentist("Dr. Eva Weber", checkup, filling),
            okafor=make_dentist("Dr. Chidi Okafor", checkup),
            checkup=checkup,
            filling=filling,
            ana=ana,
            ana_herself=make_person(ana),
            ben=ben,
            ben_himself=make_person(ben),
            dana=make_user("Dana Desk", "desk"),
            ada=make_user("Ada Admin", "admin"),
            monday=today + timedelta(days=14 - today.weekday()),
        )
