"""The pages that everybody opens most, in whatever clinic the database holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.test import Client

from appointments.models import Appointment
from availability.queries import first_available
from availability.reservations import reserve
from bench.clinic_days import shortest_offers
from bench.replay import recorded
from clinic.accounts.models import User
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS

HOLDER = "a-secret-of-the-benchmark"


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def statements(self) -> int:
        """How many the page sends, when what a process keeps is kept."""
        client = Client(SERVER_NAME="127.0.0.1")
        for name, value in self.cookies.items():
            client.cookies[name] = value
        assert client.get(self.path).status_code == 200, self
        with recorded() as sent:
            assert client.get(self.path).status_code == 200, self
        # Where live sync stands is asked once in a moment, for all pages of the process.
        return sum("realtime_reach()" not in one.sql for one in sent)


def pages() -> Iterator[Page]:
    """Of nobody, a patient, a dentist, the front desk and an admin; needs a dentist with a free time and one visit."""
    offers, today = shortest_offers(), clock.today()
    one = offers[len(offers) // 2]
    week = f"/dentists/{one.dentist.slug}?treatment={one.treatment.slug}"
    yield Page("all dentists with their next free slot", "/")
    yield Page("a dentist with a week of times", f"{week}&day={today + timedelta(days=7)}")
    yield Page("a dentist, the first free day looked up", week)
    held = ANONYMOUS.with_secret(HOLDER)
    with db.reading(held):
        opening = first_available(held, offers, today + timedelta(days=1), 60)
    assert opening is not None
    what = opening.offered
    hold = reserve(held, dentist=what.dentist.pk, treatment=what.treatment.pk, start=opening.start)
    yield Page("the details of a held slot", f"/book/{hold.id}", {"holder": HOLDER})
    with db.as_owner():
        own = Appointment.objects.exclude(account=None).exclude(dentist=None).order_by("-starts_at", "id").first()
        assert own is not None
        treats = own.dentist.user_id if own.dentist else None
        desk, admin = (
            User.objects.filter(role=role).values_list("pk", flat=True).first() for role in ("desk", "admin")
        )
    patient, dentist, front, office = (_signed_in(one) for one in (own.account_id, treats, desk, admin))
    yield Page("my visits", "/visits", patient)
    yield Page("a visit of mine", f"/visits/{own.pk}", patient)
    yield Page("a dentist's day", "/dentist/", dentist)
    yield Page("a dentist's week", "/dentist/calendar", dentist)
    yield Page("a dentist's visits", "/dentist/visits", dentist)
    yield Page("a visit, for its dentist", f"/dentist/visits/{own.pk}", dentist)
    yield Page("the day sheet of the front desk", "/desk/", front)
    yield Page("a person, for the front desk", f"/desk/people/{own.patient_id}", front)
    yield Page("front page of admin", "/admin/", office)
    yield Page("appointments in admin", "/admin/appointments/appointment/", office)
    yield Page("an appointment in admin", f"/admin/appointments/appointment/{own.pk}/change/", office)
    yield Page("history in admin", "/admin/history/change/", office)
    yield Page("events in admin", "/admin/realtime/realtimeevent/", office)


def _signed_in(user_id: UUID | None) -> dict[str, str]:
    client = Client()
    with db.signing_in():
        client.force_login(User.objects.get(pk=str(user_id)))
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
